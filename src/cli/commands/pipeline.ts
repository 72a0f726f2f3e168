import type { Command } from 'commander';
import type { ExplanationWire, PipelineRunDetailWire, PipelineRunWire, PipelineWire } from '#pipelines/index.ts';
import { type Build, collect, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { findId } from '../find-id.ts';
import { followPipelineRun } from '../follow-pipeline-run.ts';
import { followStream } from '../follow-stream.ts';
import { formatBytes, formatDuration, formatTime, print, printTable, renderPairs, renderTable, shortId } from '../output.ts';
import { createProgress } from '../progress.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { url } from '../url.ts';

export const buildPipeline: Build = (command, context) => {
  buildList(command, context);
  buildRun(command, context);
  buildRuns(command, context);
  buildShow(command, context);
  buildExplain(command, context);
  buildLogs(command, context);
  buildCancel(command, context);
  buildRetry(command, context);
};

async function runPath(session: ProjectSession, given: string): Promise<string> {
  const list = `${session.base}/pipeline-runs`;
  return list + url`/${await findId(session.client, { path: list, what: 'pipeline run' }, given)}`;
}

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('The pipelines that ripen.yaml declares now'), 'ripen pipeline list').action(
    async (options: Given) => {
      const { client, base } = await inProject(context, options);
      const { items } = await client.post<{ items: PipelineWire[] }>(`${base}/pipelines`);
      printTable(context, options, {
        value: { items },
        rows: items,
        columns: [
          { title: 'Pipeline', value: ({ name }) => name },
          { title: 'Steps', value: ({ steps }) => steps.map(({ name }) => name).join(', ') },
          { title: 'Triggers', value: ({ triggers }) => triggers.map(({ cron, on }) => cron ?? on ?? '').join(', ') || undefined },
          { title: 'Registers', value: ({ registers }) => registers?.model },
          { title: 'What it does', value: ({ description }) => description },
        ],
        empty: 'ripen.yaml declares no pipeline.',
      });
    },
  );
}

type RunOptions = Given & { set?: readonly string[]; fresh?: boolean; detach?: boolean };

function buildRun(command: Command, context: CliContext): void {
  describeInProject(
    command.command('run <pipeline>').description('Run a pipeline as ripen.yaml and the code are now, and follow it'),
    'ripen pipeline run train --set epochs=8',
  )
    .option('--set <name=value>', 'a parameter; numbers, true, false and JSON are taken as such', collect)
    .option('--fresh', 'run every step, whatever the cache holds')
    .option('--detach', 'start it and do not wait')
    .action(async (pipeline: string, { set = [], fresh, ...options }: RunOptions) => {
      const session = await inProject(context, options);
      const started = await session.client.post<PipelineRunWire>(session.base + url`/pipelines/${pipeline}/runs`, {
        parameters: Object.fromEntries(set.map(parameterOf)),
        ...(fresh === undefined ? {} : { fresh }),
      });
      await followRun(context, session, { options, started });
    });
}

/** `epochs=8`: what is JSON is taken as JSON, anything else as text. */
function parameterOf(text: string): [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw cliErrors['invalid-option']({ option: '--set', value: text, expected: 'name=value' });
  const value = text.slice(equals + 1);
  try {
    return [text.slice(0, equals), JSON.parse(value)];
  } catch {
    // A bare word.
    return [text.slice(0, equals), value];
  }
}

async function followRun(
  context: CliContext,
  session: ProjectSession,
  { options, started }: { options: Given & { detach?: boolean }; started: PipelineRunWire },
): Promise<void> {
  if (options.detach === true)
    return print(
      context,
      options,
      started,
      () => `Pipeline run ${started.id} is started. Follow it: ripen pipeline show ${shortId(started.id)}`,
    );
  const progress = createProgress(options.json === true ? context.err : context.out);
  const ended = await progress.task(`${started.pipeline} ${shortId(started.id)}`, async (task) => {
    const run = await followPipelineRun(session.client, started, task);
    const reused = run.steps.filter(({ state }) => state === 'cached').length;
    task.result(`${run.steps.length} steps${reused === 0 ? '' : `, ${reused} from the cache`}`);
    return run;
  });
  return print(context, options, ended, () => describeRun(context, ended));
}

function buildRuns(command: Command, context: CliContext): void {
  describeInProject(command.command('runs [pipeline]').description('Pipeline runs, the newest first'), 'ripen pipeline runs train')
    .option('--state <state>', 'queued, running, succeeded, failed or cancelled')
    .option('--limit <count>', 'how many', '30')
    .action(async (pipeline: string | undefined, options: Given & { state?: string; limit: string }) => {
      const { client, base } = await inProject(context, options);
      const { state, limit } = options;
      const page = await client.get<{ items: PipelineRunWire[] }>(`${base}/pipeline-runs`, { pipeline, state, limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Run', value: ({ id }) => shortId(id) },
          { title: 'Pipeline', value: (run) => run.pipeline },
          { title: 'State', value: (run) => run.state },
          { title: 'Started by', value: ({ trigger, actor }) => (trigger.kind === 'manual' ? actor.name : trigger.kind) },
          { title: 'Created (UTC)', value: ({ createdAt }) => formatTime(createdAt) },
          { title: 'Took', value: ({ startedAt, finishedAt }) => took(startedAt, finishedAt), align: 'right' },
          {
            title: 'Registered',
            value: ({ registered }) => (registered === undefined ? undefined : `${registered.model} ${registered.version}`),
          },
        ],
        empty: 'No pipeline has run. Start one: `ripen pipeline run <pipeline>`.',
      });
    });
}

const took = (start: number | undefined, end: number | undefined) =>
  start === undefined || end === undefined ? undefined : formatDuration(end - start);

function buildShow(command: Command, context: CliContext): void {
  describeInProject(command.command('show <run>').description('One pipeline run with its steps'), 'ripen pipeline show latest').action(
    async (given: string, options: Given) => {
      const session = await inProject(context, options);
      const run = await session.client.get<PipelineRunDetailWire>(await runPath(session, given));
      print(context, options, run, () => describeRun(context, run));
    },
  );
}

function describeRun(context: CliContext, run: PipelineRunDetailWire): string {
  const { registered, failure } = run;
  const parameters = Object.entries(run.parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    renderPairs([
      ['pipeline run', run.id],
      ['pipeline', run.pipeline],
      ['state', run.state],
      ['parameters', parameters.join(' ') || undefined],
      [
        'inputs',
        Object.values(run.inputs)
          .map(({ dataset, snapshot }) => `${dataset}@${snapshot}`)
          .join(' ') || undefined,
      ],
      ['commit', run.commit === undefined ? undefined : `${run.commit}${run.dirty === true ? ' with changes' : ''}`],
      ['tracked run', run.run],
      [
        'registered',
        registered === undefined
          ? undefined
          : `${registered.model} version ${registered.version}${registered.reused ? ' (as before)' : ''}`,
      ],
    ]),
    '',
    renderTable(
      run.steps,
      [
        { title: 'Step', value: ({ step }) => step },
        { title: 'State', value: ({ state }) => state },
        { title: 'Took', value: ({ startedAt, finishedAt }) => took(startedAt, finishedAt), align: 'right' },
        { title: 'Processor', value: ({ cpuMs }) => formatDuration(cpuMs), align: 'right' },
        { title: 'Memory', value: ({ peakMemoryBytes }) => formatBytes(peakMemoryBytes), align: 'right' },
        { title: 'Attempts', value: ({ attempts }) => attempts, align: 'right' },
        {
          title: 'Published',
          value: ({ published }) => published.map(({ dataset, snapshot }) => `${dataset}@${snapshot}`).join(' ') || undefined,
        },
        { title: 'Why it failed', value: (step) => step.failure?.message },
      ],
      context.out.columns ?? 160,
    ),
    ...(failure === undefined ? [] : ['', failure.message, ...(failure.hint === undefined ? [] : [failure.hint])]),
  ].join('\n');
}

function buildExplain(command: Command, context: CliContext): void {
  describeInProject(
    command.command('explain <run>').description('Why each step ran or was taken from the cache'),
    'ripen pipeline explain latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const explanation = await session.client.get<{ items: ExplanationWire[] }>(`${await runPath(session, given)}/explanation`);
    print(context, options, explanation, () =>
      explanation.items
        .map(({ step, decision, reasons }) => [`${step}: ${decision}`, ...reasons.map((reason) => `  ${reason}`)].join('\n'))
        .join('\n'),
    );
  });
}

function buildLogs(command: Command, context: CliContext): void {
  describeInProject(
    command.command('logs <run> <step>').description('What a step has printed'),
    'ripen pipeline logs latest train --follow',
  )
    .option('-f, --follow', 'go on until the step ends')
    .action(async (given: string, step: string, options: Given & { follow?: boolean }) => {
      const session = await inProject(context, options);
      const path = (await runPath(session, given)) + url`/steps/${step}`;
      if (options.follow !== true) {
        const text = await (await session.client.raw('GET', `${path}/log`)).text();
        context.out.write(options.json === true ? `${JSON.stringify({ log: text })}\n` : text);
        return;
      }
      for await (const { data } of followStream(session.client, `${path}/log-stream`))
        context.out.write(options.json === true ? `${JSON.stringify(data)}\n` : textOf(data));
    });
}

function textOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'text' in data ? String(data.text) : '';
}

function buildCancel(command: Command, context: CliContext): void {
  describeInProject(
    command.command('cancel <run>').description('End a pipeline run with everything it started'),
    'ripen pipeline cancel latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const run = await session.client.post<PipelineRunWire>(`${await runPath(session, given)}/cancel`);
    print(context, options, run, () => `Pipeline run ${run.id} is ${run.state === 'cancelled' ? 'cancelled' : 'being cancelled'}.`);
  });
}

function buildRetry(command: Command, context: CliContext): void {
  describeInProject(
    command.command('retry <run>').description('Go on where a run failed, with the same code, parameters and data'),
    'ripen pipeline retry latest',
  )
    .option('--detach', 'start it and do not wait')
    .action(async (given: string, options: Given & { detach?: boolean }) => {
      const session = await inProject(context, options);
      const started = await session.client.post<PipelineRunWire>(`${await runPath(session, given)}/retry`);
      await followRun(context, session, { options, started });
    });
}
