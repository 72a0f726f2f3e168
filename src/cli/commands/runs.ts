import type { Command } from 'commander';
import type { MetricPointWire, RunWire, RunComparisonWire } from '#tracking/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findId } from '../find-id.ts';
import { formatBytes, formatDuration, formatNumber, formatTime, print, printTable, renderPairs, renderTable, shortId } from '../output.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { buildExport } from './runs-export.ts';
import { buildMark } from './runs-mark.ts';
import { url } from '../url.ts';

export const buildRuns: Build = (command, context) => {
  buildList(command, context);
  buildShow(command, context);
  buildCompare(command, context);
  buildMetrics(command, context);
  buildExport(command, context);
  buildMark(command, context);
};

const runId = ({ client, base }: ProjectSession, given: string) => findId(client, { path: `${base}/runs`, what: 'run' }, given);

type ListOptions = Given & { filter?: string; order?: string; experiment?: string; limit: string };

function buildList(command: Command, context: CliContext): void {
  describeInProject(
    command.command('list').description('Tracked runs that fit a filter, in any order'),
    `ripen runs list --filter "metrics.auc > 0.7" --order "metrics.auc DESC"`,
  )
    .option('--filter <filter>', 'such as "params.epochs = \'4\' and metrics.auc > 0.7"')
    .option('--order <order>', 'such as "metrics.auc DESC"; default the newest first')
    .option('--experiment <name>', 'only of this experiment')
    .option('--limit <count>', 'how many', '30')
    .action(async (options: ListOptions) => {
      const { client, base } = await inProject(context, options);
      const { filter, order, experiment, limit } = options;
      const page = await client.get<{ items: RunWire[]; next?: string }>(`${base}/runs`, { filter, order, experiment, limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Run', value: ({ id }) => shortId(id) },
          { title: 'Name', value: ({ name }) => name },
          { title: 'Experiment', value: ({ experiment }) => experiment },
          { title: 'State', value: ({ state }) => state },
          { title: 'Started (UTC)', value: ({ startedAt }) => formatTime(startedAt) },
          { title: 'Took', value: ({ startedAt, finishedAt }) => took(startedAt, finishedAt), align: 'right' },
          ...metricColumns(page.items),
        ],
        empty: 'No run fits.',
      });
    });
}

const took = (startedAt: number, finishedAt: number | undefined) =>
  finishedAt === undefined ? undefined : formatDuration(finishedAt - startedAt);

/** The metrics that most of the listed runs have. */
function metricColumns(runs: readonly RunWire[]) {
  const counts = new Map<string, number>();
  for (const { metrics } of runs) for (const name of Object.keys(metrics)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].sort(([, a], [, b]) => b - a).slice(0, 4);
  return names.map(([name]) => ({ title: name, value: ({ metrics }: RunWire) => metricOf(metrics[name]), align: 'right' as const }));
}

const metricOf = (value: string | number | null | undefined): string | undefined =>
  typeof value === 'number' ? formatNumber(value) : (value ?? undefined);

function buildShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <run>').description('One run: parameters, metrics, inputs, where it ran'),
    'ripen runs show latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const run = await session.client.get<RunWire>(session.base + url`/runs/${await runId(session, given)}`);
    print(context, options, run, () => textOf(run));
  });
}

function textOf(run: RunWire): string {
  const section = (title: string, values: Readonly<Record<string, string | number | undefined>>): string[] => {
    const entries = Object.entries(values);
    return entries.length === 0 ? [] : ['', title, renderPairs(entries.map(([name, value]) => [`  ${name}`, value] as const))];
  };
  return [
    renderPairs([
      ['run', run.id],
      ['name', run.name],
      ['experiment', `${run.experiment} (${run.experimentSequence})`],
      ['state', run.state],
      ['started', `${formatTime(run.startedAt) ?? ''} UTC by ${run.user}`],
      ['took', took(run.startedAt, run.finishedAt)],
      ['commit', run.commit === undefined ? undefined : `${run.commit}${run.dirty === true ? ' with changes' : ''}`],
      ['code', run.codeDigest],
      ['environment', run.environmentDigest],
      ['ran on', run.computeTarget],
      ['processor', formatDuration(run.cpuMs)],
      ['memory', formatBytes(run.peakMemoryBytes)],
    ]),
    ...section('Parameters', run.parameters),
    ...section('Metrics', Object.fromEntries(Object.entries(run.metrics).map(([name, value]) => [name, metricOf(value)]))),
    ...section('Inputs', Object.fromEntries(run.inputs.map(({ dataset, snapshot, digest }) => [`${dataset}@${snapshot ?? '?'}`, digest]))),
    ...section('Tags', run.tags),
  ].join('\n');
}

function buildCompare(command: Command, context: CliContext): void {
  describeInProject(command.command('compare <runs...>').description('Runs side by side'), 'ripen runs compare 0199f3b2c4d5 0199f3b2d012')
    .option('--all', 'also what is the same in all')
    .action(async (given: readonly string[], options: Given & { all?: boolean }) => {
      const session = await inProject(context, options);
      const runs: string[] = [];
      for (const each of given) runs.push(await runId(session, each));
      const comparison = await session.client.post<RunComparisonWire>(`${session.base}/run-comparison`, { runs });
      const parts = [comparison.metrics, comparison.parameters, comparison.inputs, comparison.origin, comparison.tags] as const;
      const rows = parts.flatMap((part) => part.filter(({ differs }) => differs || options.all === true));
      printTable(context, options, {
        value: comparison,
        rows,
        columns: [
          { title: 'What', value: ({ name }) => name },
          ...comparison.runs.map((run, index) => ({
            title: `${run.name} ${shortId(run.id)}`,
            value: ({ values }: (typeof rows)[number]) => metricOf(values[index]),
          })),
        ],
        empty: 'The runs are the same in everything.',
      });
    });
}

function buildMetrics(command: Command, context: CliContext): void {
  describeInProject(
    command.command('metrics <run> [metric]').description('The latest value of each metric, or every point of one'),
    'ripen runs metrics latest loss',
  ).action(async (given: string, metric: string | undefined, options: Given) => {
    const session = await inProject(context, options);
    const path = session.base + url`/runs/${await runId(session, given)}/metrics`;
    if (metric === undefined) {
      const { items } = await session.client.get<{ items: (MetricPointWire & { name: string })[] }>(path);
      return printTable(context, options, {
        value: { items },
        rows: items,
        columns: [{ title: 'Metric', value: ({ name }) => name }, ...pointColumns],
        empty: 'The run has logged no metric.',
      });
    }
    const page = await session.client.get<{ items: MetricPointWire[]; next?: string }>(path + url`/${metric}`, { limit: 100_000 });
    const columns = [...pointColumns];
    return print(context, options, page, () =>
      page.items.length === 0 ? 'The metric has no point.' : renderTable(page.items, columns, context.out.columns ?? 160),
    );
  });
}

const pointColumns = [
  { title: 'Step', value: ({ step }: MetricPointWire) => step, align: 'right' as const },
  { title: 'Value', value: ({ value }: MetricPointWire) => metricOf(value), align: 'right' as const },
  { title: 'Time (UTC)', value: ({ time }: MetricPointWire) => formatTime(time) },
];
