import type { Given } from '../../command.ts';
import type { CliContext } from '../../context.ts';
import { type Column, formatBytes, formatDuration, print, renderTable } from '../../output.ts';
import { type ImportReport, isComplete, type Kind, kinds } from './report.ts';

const titles: Readonly<Record<Kind, string>> = {
  experiments: 'experiments',
  runs: 'runs',
  points: 'metric points',
  parameters: 'parameters',
  tags: 'tags of runs',
  artifacts: 'artifacts',
  loggedModels: 'logged models',
  loggedModelFiles: 'files of logged models',
  traces: 'traces',
  traceFiles: 'files of traces',
  models: 'models and prompts',
  versions: 'versions',
};

const mostShown = 50;

/** What an import found and did, kind by kind, and what is missing. */
export function printReport(context: CliContext, given: Given, report: ImportReport): void {
  print(context, given, { ...report, complete: isComplete(report) }, () => textOf(report, context.out.columns));
}

function textOf(report: ImportReport, width: number | undefined): string {
  const { counts, missing, notes, dryRun } = report;
  const columns: Column<Kind>[] = [
    { title: 'Kind', value: (kind) => titles[kind] },
    { title: 'Source', value: (kind) => counts[kind].source.toLocaleString('en'), align: 'right' },
    { title: 'Ripen', value: (kind) => counts[kind].here.toLocaleString('en'), align: 'right' },
    { title: 'New', value: (kind) => counts[kind].brought.toLocaleString('en'), align: 'right' },
  ];
  const table = renderTable(kinds, dryRun ? columns.slice(0, 2) : columns, width ?? 160);
  const more = missing.length - mostShown + report.missingMore;
  return [
    table,
    ...notes.map((note) => `Note: ${note}`),
    ...missing.slice(0, mostShown).map(({ kind, id, problem }) => `Missing: ${titles[kind]} ${id}: ${problem}`),
    ...(more > 0 ? [`… and ${more} more; --json lists them.`] : []),
    dryRun ? 'Nothing was changed. Points are counted by the latest of each metric.' : resultOf(report),
  ].join('\n');
}

function resultOf({ missing, missingMore, compared, bytes, durationMs }: ImportReport): string {
  const done = `${formatDuration(durationMs) ?? ''}, ${formatBytes(bytes) ?? ''} of files; ${compared.files} files compared by digest, ${compared.runs} runs value by value.`;
  const lacking = missing.length + missingMore;
  return lacking === 0 ? `Everything is in Ripen. ${done}` : `${lacking} things are missing or differ. ${done}`;
}
