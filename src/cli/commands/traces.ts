import type { Command } from 'commander';
import type { AssessmentWire, SpanWire, TraceWire, TraceWithSpansWire } from '#tracking/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatDuration, formatNumber, formatTime, print, printTable, renderPairs, renderTable } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

export const buildTraces: Build = (command, context) => {
  buildList(command, context);
  buildShow(command, context);
  buildAssess(command, context);
  buildDelete(command, context);
};

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
          { title: 'Request', value: ({ requestPreview }) => oneLine(requestPreview) },
        ],
        empty: 'No trace fits.',
      });
    });
}

function buildShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <trace>').description('One trace: what was asked and answered, its spans, what was said of it'),
    'ripen traces show tr-0199f3b2c4d57d0c8f1e2a3b4c5d6e7f',
  ).action(async (trace: string, options: Given) => {
    const { client, base } = await inProject(context, options);
    const found = await client.get<TraceWithSpansWire>(base + url`/traces/${trace}`);
    print(context, options, found, () => textOf(found));
  });
}

type AssessOptions = Given & { name: string; value: string; expected?: boolean; span?: string; reason?: string };

function buildAssess(command: Command, context: CliContext): void {
  describeInProject(
    command.command('assess <trace>').description('Say how good a trace was, or what was expected of it'),
    'ripen traces assess tr-0199f3b2c4d57d0c8f1e2a3b4c5d6e7f --name correct --value true --reason "it left on time"',
  )
    .requiredOption('--name <name>', 'what is judged, such as "correct"')
    .requiredOption('--value <value>', 'true, false, a number, JSON, or any text')
    .option('--expected', 'the value is what was expected, no feedback')
    .option('--span <span>', 'only of this span')
    .option('--reason <text>', 'why')
    .action(async (trace: string, options: AssessOptions) => {
      const { client, base } = await inProject(context, options);
      const { name, span, reason: rationale, expected = false } = options;
      const kind = expected ? 'expectation' : 'feedback';
      const body = { name, kind, value: jsonOrText(options.value), span, rationale };
      const kept = await client.post<AssessmentWire>(base + url`/traces/${trace}/assessments`, body);
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
      const old = { until: timeOf(options.until), most: most === undefined ? undefined : Number(most), experiment };
      const body = traces.length > 0 ? { ...old, traces } : old;
      const done = await client.post<{ deleted: number }>(`${base}/trace-deletions`, body);
      print(context, options, done, () => `${done.deleted} traces are deleted.`);
    });
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  // The server says what is missing.
  return Number.isNaN(time) ? undefined : time;
}

function textOf({ trace, spans }: TraceWithSpansWire): string {
  const { tokens } = trace;
  return [
    renderPairs([
      ['trace', trace.id],
      ['name', trace.name],
      ['experiment', trace.experiment],
      ['state', trace.state],
      ['requested', `${formatTime(trace.requestedAt) ?? ''} UTC`],
      ['took', formatDuration(trace.duration)],
      ['tokens', tokens === undefined ? undefined : `${tokens.total} (${tokens.input} in, ${tokens.output} out)`],
      ['cost', trace.cost === undefined ? undefined : `$${formatNumber(trace.cost.total)}`],
      ['session', trace.session],
      ['user', trace.user],
      ['runs', trace.runs.length === 0 ? undefined : trace.runs.join(', ')],
      ['request', oneLine(trace.requestPreview)],
      ['response', oneLine(trace.responsePreview)],
    ]),
    ...(spans.length === 0
      ? []
      : [
          '',
          renderTable(inTree(spans), [
            { title: 'Span', value: ({ span, depth }) => `${'  '.repeat(depth)}${span.name}` },
            { title: 'Type', value: ({ span }) => span.type.toLowerCase() },
            { title: 'Status', value: ({ span }) => span.status },
            { title: 'Began', value: ({ span }) => formatDuration(span.at), align: 'right' },
            { title: 'Took', value: ({ span }) => formatDuration(span.duration), align: 'right' },
          ]),
        ]),
    ...(trace.assessments.length === 0
      ? []
      : [
          '',
          renderTable(trace.assessments, [
            { title: 'Assessment', value: ({ name }) => name },
            { title: 'Kind', value: ({ kind }) => kind },
            { title: 'Value', value: ({ value }) => oneLine(JSON.stringify(value)) },
            { title: 'By', value: ({ source }) => `${source.kind} ${source.id}` },
            { title: 'Valid', value: ({ valid }) => (valid ? 'yes' : 'replaced') },
          ]),
        ]),
  ].join('\n');
}

/** Each span below its parent; one whose parent is not there stands at the top. */
function inTree(spans: readonly SpanWire[]): { span: SpanWire; depth: number }[] {
  const ids = new Set(spans.map(({ id }) => id));
  const below = Map.groupBy(spans, ({ parent }) => (parent !== undefined && ids.has(parent) ? parent : undefined));
  const walk = (parent: string | undefined, depth: number): { span: SpanWire; depth: number }[] =>
    (below.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...(depth < 100 ? walk(span.id, depth + 1) : [])]);
  return walk(undefined, 0);
}

function oneLine(text: string | undefined): string | undefined {
  const line = text?.replaceAll(/\s+/g, ' ').trim();
  return line === undefined || line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
