import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { MonitorWire, ReceivedLabelsWire, WindowDetailWire, WindowWire } from '#monitoring/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { formatNumber, formatTime, print, printTable, renderPairs, renderTable } from '../output.ts';
import { parseTime } from '../parse-time.ts';
import { inProject } from '../project.ts';
import { readTextFile } from '../read-text-file.ts';
import { url } from '../url.ts';

export const buildMonitor: Build = (command, context) => {
  buildList(command, context);
  buildWindows(command, context);
  buildWindow(command, context);
  buildLabel(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describeInProject(
    command.command('list').description('Monitored deployments with their latest window and what fires'),
    'ripen monitor list',
  ).action(async (options: Given) => {
    const { client, base } = await inProject(context, options);
    const { items } = await client.get<{ items: MonitorWire[] }>(`${base}/monitoring`);
    printTable(context, options, {
      value: { items },
      rows: items,
      columns: [
        { title: 'Deployment', value: ({ deployment }) => deployment },
        { title: 'Version', value: ({ model, version }) => `${model} ${version}` },
        { title: 'Predictions', value: ({ received }) => formatNumber(received.predictions), align: 'right' },
        { title: 'Windows', value: ({ windows }) => windows.complete + windows.closed + windows.open, align: 'right' },
        { title: 'Latest window (UTC)', value: ({ latest }) => formatTime(latest?.start) },
        { title: 'Drifted', value: ({ latest }) => latest?.drifted.map(({ feature }) => feature).join(', ') || undefined },
        { title: 'Firing', value: ({ firing }) => firing.map(({ rule }) => rule).join(', ') || undefined },
      ],
      empty: 'Nothing is monitored. A deployment with `monitoring:` in ripen.yaml is.',
    });
  });
}

function buildWindows(command: Command, context: CliContext): void {
  describeInProject(
    command.command('windows <deployment>').description('Metrics window by window, in the order of time'),
    'ripen monitor windows flight-delay --limit 14',
  )
    .option('--limit <count>', 'how many, the newest', '30')
    .option('--metrics <names>', 'which metrics, separated by commas')
    .action(async (deployment: string, options: Given & { limit: string; metrics?: string }) => {
      const { client, base } = await inProject(context, options);
      const { items } = await client.get<{ items: WindowWire[] }>(base + url`/monitoring/${deployment}/windows`, { limit: options.limit });
      const names = options.metrics?.split(',') ?? mostTold(items);
      printTable(context, options, {
        value: { items },
        rows: items,
        columns: [
          { title: 'Window (UTC)', value: ({ start }) => formatTime(start)?.slice(0, 16) },
          { title: 'State', value: ({ state }) => state },
          { title: 'Predictions', value: ({ predictions }) => formatNumber(predictions), align: 'right' },
          { title: 'Labels', value: ({ labelled }) => formatNumber(labelled), align: 'right' },
          ...names.map((name) => ({
            title: name,
            value: ({ metrics }: WindowWire) => formatNumber(metrics[name]),
            align: 'right' as const,
          })),
          { title: 'Drifted', value: ({ drifted }) => drifted.map(({ feature }) => feature).join(', ') || undefined },
        ],
        empty: 'There is no window yet: no prediction has come in.',
      });
    });
}

const preferred = ['auc', 'log_loss', 'calibration_error', 'score_drift', 'latency_p99_ms', 'error_rate'];

/** What says most of a window fits in a line; the rest is in --json and `monitor window`. */
function mostTold(windows: readonly WindowWire[]): readonly string[] {
  const known = new Set(windows.flatMap(({ metrics }) => Object.keys(metrics)));
  const named = preferred.filter((name) => known.has(name));
  return [...named, ...[...known].filter((name) => !named.includes(name))].slice(0, 4);
}

function buildWindow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('window <deployment> <start>').description('One window beside its reference: every metric, drift of every column'),
    'ripen monitor window flight-delay 2001-05-14',
  ).action(async (deployment: string, start: string, options: Given) => {
    const { client, base } = await inProject(context, options);
    const time = parseTime('<start>', start);
    const window = await client.get<WindowDetailWire>(base + url`/monitoring/${deployment}/windows/${time}`);
    print(context, options, window, () => textOf(window, context.out.columns ?? 160));
  });
}

function textOf(window: WindowDetailWire, width: number): string {
  return [
    renderPairs([
      ['window', `${formatTime(window.start) ?? ''} to ${formatTime(window.end) ?? ''} UTC`],
      ['state', window.state],
      ['predictions', formatNumber(window.predictions)],
      ['labels', formatNumber(window.labelled)],
      ['versions', window.versions.map(({ version, predictions }) => `${version} (${predictions})`).join(', ') || undefined],
    ]),
    '',
    renderTable(
      Object.entries(window.metrics),
      [
        { title: 'Metric', value: ([name]) => name },
        { title: 'Window', value: ([, value]) => formatNumber(value), align: 'right' },
        { title: 'Reference', value: ([name]) => formatNumber(window.reference[name]), align: 'right' },
      ],
      width,
    ),
    '',
    renderTable(
      window.columns.flatMap((column) => column.drift.map((drift) => ({ column: column.name, ...drift }))),
      [
        { title: 'Column', value: ({ column }) => column },
        { title: 'Method', value: ({ method, chosen }) => (chosen ? `${method} (judges)` : method) },
        { title: 'Value', value: ({ value }) => formatNumber(value), align: 'right' },
        { title: 'Threshold', value: ({ threshold }) => formatNumber(threshold), align: 'right' },
        { title: 'Drifted', value: ({ drifted, reason }) => (drifted ? 'yes' : (reason ?? 'no')) },
      ],
      width,
    ),
    ...window.notes.map((note) => `\n${note}`),
  ].join('\n');
}

function buildLabel(command: Command, context: CliContext): void {
  describeInProject(
    command.command('label <deployment>').description('Send what became of predictions'),
    'ripen monitor label flight-delay --file labels.ndjson',
  )
    .requiredOption('--file <file>', 'lines of {"id": …, "label": 0 or 1, "time": …}, or CSV with a header of these names')
    .action(async (deployment: string, options: Given & { file: string }) => {
      const { client, base } = await inProject(context, options);
      const body = await readLabels(resolve(context.directory, options.file));
      const response = await client.raw('POST', base + url`/deployments/${deployment}/labels.ndjson`, {
        body,
        headers: { 'content-type': 'application/x-ndjson' },
      });
      const received = (await response.json()) as ReceivedLabelsWire;
      print(
        context,
        options,
        received,
        () =>
          `${received.received.toLocaleString('en')} labels received, ${received.joined.toLocaleString('en')} joined, ${received.unknown.toLocaleString('en')} of predictions that are not known (yet).`,
      );
    });
}

async function readLabels(file: string): Promise<string> {
  const text = await readTextFile(file);
  if (text.trimStart().startsWith('{')) return text;
  const [header = '', ...rows] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const names = header.split(',').map((name) => name.trim());
  if (!names.includes('id') || !names.includes('label'))
    throw cliErrors['file-unreadable']({ file, reason: 'it is neither JSON lines nor CSV with the columns id and label' });
  return rows.map((row) => `${JSON.stringify(labelOf(names, row.split(',')))}\n`).join('');
}

function labelOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const entries = names.map((name, index) => [name, cells[index]?.trim() ?? ''] as const).filter(([, cell]) => cell !== '');
  return Object.fromEntries(entries.map(([name, cell]) => [name, name === 'label' || name === 'time' ? Number(cell) : cell]));
}
