import type { Command } from 'commander';
import type { AssessmentWire, TraceWire, TraceWithSpansWire } from '#tracking/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findId } from '../find-id.ts';
import { formatDuration, formatNumber, formatTime, print, printTable } from '../output.ts';
import { parseTime } from '../parse-time.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { renderTrace, shortLine } from '../render-trace.ts';
import { url } from '../url.ts';

export const buildTraces: Build = (command, context) => {
  buildList(command, context);
  buildShow(command, context);
  buildAssess(command, context);
  buildDelete(command, context);
};

/** Ids are the clients' choice; those that clients make by themselves may be cut short. */
const cutShort = /^tr-[0-9a-f]{1,31}$/;

const traceId = async ({ client, base }: ProjectSession, given: string): Promise<string> =>
  given === 'latest' || cutShort.test(given) ? findId(client, { path: `${base}/traces`, what: 'trace' }, given) : given;

type ListOptions = Given & { filter?: string; order?: string; experiment?: string; run?: string; limit: string };

function buildList(command: Command, context: CliContext): void {
  describeInProject(
    command.command('list').description('Traces that fit a filter, the newest first'),
    `ripen traces list --filter "state = 'error' and duration > 1000"`,
  )
    .option('--filter <filter>', 'such as "span.type = \'LLM\' and tokens > 500"')
    .option('--order <order>', 'such as "duration desc"; default the newest first')
    .option('--experiment <name>', 'only of this experiment')
    .option('--run <run>', 'only of this run')
    .option('--limit <count>', 'how many', '30')
    .action(async (options: ListOptions) => {
      const { client, base } = await inProject(context, options);
      const { filter, order, experiment, run, limit } = options;
      const page = await client.get<{ items: TraceWire[]; next?: string }>(`${base}/traces`, { filter, order, experiment, run, limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Trace', value: ({ id }) => id },
          { title: 'Name', value: ({ name }) => name },
          { title: 'State', value: ({ state }) => state },
          { title: 'Requested (UTC)', value: ({ requestedAt }) => formatTime(requestedAt) },
          { title: 'Took', value: ({ duration }) => formatDuration(duration), align: 'right' },
          { title: 'Tokens', value: ({ tokens }) => (tokens === undefined ? undefined : formatNumber(tokens.total)), align: 'right' },
          { title: 'Request', value: ({ requestPreview }) => shortLine(requestPreview) },
        ],
        empty: 'No trace fits.',
      });
    });
}

function buildShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <trace>').description('One trace: what was asked and answered, its spans, what was said of it'),
    'ripen traces show latest',
  ).action(async (trace: string, options: Given) => {
    const session = await inProject(context, options);
    const found = await session.client.get<TraceWithSpansWire>(session.base + url`/traces/${await traceId(session, trace)}`);
    print(context, options, found, () => renderTrace(found, context.out.columns ?? 160));
  });
}

type AssessOptions = Given & { name: string; value: string; expected?: boolean; span?: string; reason?: string };

function buildAssess(command: Command, context: CliContext): void {
  describeInProject(
    command.command('assess <trace>').description('Say how good a trace was, or what was expected of it'),
    'ripen traces assess latest --name correct --value true --reason "it left on time"',
  )
    .requiredOption('--name <name>', 'what is judged, such as "correct"')
    .requiredOption('--value <value>', 'true, false, a number, JSON, or any text')
    .option('--expected', 'the value is what was expected, no feedback')
    .option('--span <span>', 'only of this span')
    .option('--reason <text>', 'why')
    .action(async (trace: string, options: AssessOptions) => {
      const session = await inProject(context, options);
      const { name, span, reason: rationale, expected = false } = options;
      const kind = expected ? 'expectation' : 'feedback';
      const body = { name, kind, value: jsonOrText(options.value), span, rationale };
      const path = session.base + url`/traces/${await traceId(session, trace)}/assessments`;
      const kept = await session.client.post<AssessmentWire>(path, body);
      print(context, options, kept, () => `Assessment ${kept.id} is kept.`);
    });
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Words without quotes are a text.
    return value;
  }
}

type DeleteOptions = Given & { until?: string; most?: string; experiment?: string };

function buildDelete(command: Command, context: CliContext): void {
  describeInProject(
    command
      .command('delete [traces...]')
      .description('Delete traces with their spans, for good: the named ones, or the oldest until a time'),
    'ripen traces delete --until 2026-01-01 --most 10000',
  )
    .option('--until <time>', 'all that were requested until then, such as 2026-01-01')
    .option('--most <count>', 'no more than so many, the oldest first')
    .option('--experiment <name>', 'only of this experiment')
    .action(async (traces: readonly string[], options: DeleteOptions) => {
      const { client, base } = await inProject(context, options);
      const { most, experiment } = options;
      const old = {
        until: options.until === undefined ? undefined : parseTime('--until', options.until),
        most: most === undefined ? undefined : Number(most),
        experiment,
      };
      const body = traces.length > 0 ? { ...old, traces } : old;
      const done = await client.post<{ deleted: number }>(`${base}/trace-deletions`, body);
      print(context, options, done, () => `${done.deleted} traces are deleted.`);
    });
}
