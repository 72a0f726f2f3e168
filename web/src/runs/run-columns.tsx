import type { RunWire } from '#tracking/wire.ts';
import { Link } from '../ui/link.tsx';
import type { Column, Sort } from '../ui/table-columns.ts';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { RunState } from './run-state.tsx';
import { directionOf } from './metric-direction.ts';
import type { RunFields } from './runs-api.ts';

/** Shown before anybody chose: as many as fit beside the facts of a run. */
const firstMetrics = 4;
const firstParameters = 3;

/** Ids of columns are what the server orders by. `sample`: the runs by which the columns shown at first are chosen. */
export function runColumns(project: string, fields: RunFields, sample: readonly RunWire[]): readonly Column<RunWire>[] {
  const first = firstNames(sample);
  const metrics = fields.metrics.map<Column<RunWire>>((name) => ({
    id: `metrics.${quoted(name)}`,
    header: name,
    value: (run) => numberOf(run.metrics[name]),
    numeric: true,
    width: widthFor(name),
    hidden: !first.metrics.has(name),
  }));
  const parameters = fields.parameters.map<Column<RunWire>>((name) => ({
    id: `params.${quoted(name)}`,
    header: name,
    value: (run) => run.parameters[name],
    width: widthFor(name),
    hidden: !first.parameters.has(name),
  }));
  return [...factColumns(project), ...metrics, ...parameters, ...rareColumns];
}

/** The metrics that most runs have, and the parameters in which runs differ. */
function firstNames(sample: readonly RunWire[]) {
  const metrics = Object.entries(countNames(sample.map((run) => Object.keys(run.metrics))));
  const judged = metrics.toSorted(([a, x], [b, y]) => y - x || Number(directionOf(a) === undefined) - Number(directionOf(b) === undefined));
  const parameters = Object.entries(countNames(sample.map((run) => Object.keys(run.parameters))));
  const kinds = (name: string) => new Set(sample.map((run) => run.parameters[name])).size;
  // One value says nothing, and as many values as runs are only a number of the run.
  const telling = parameters.filter(([name]) => kinds(name) > 1 && (kinds(name) < sample.length || sample.length < 4));
  const few = telling.toSorted(([, x], [, y]) => y - x);
  return {
    metrics: new Set(judged.slice(0, firstMetrics).map(([name]) => name)),
    parameters: new Set(few.slice(0, firstParameters).map(([name]) => name)),
  };
}

function countNames(lists: readonly (readonly string[])[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of lists.flat()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function factColumns(project: string): readonly Column<RunWire>[] {
  return [
    {
      id: 'name',
      header: 'Run',
      value: (run) => run.name,
      cell: (run) => (
        <Link to="/$project/runs/$run" params={{ project, run: run.id }}>
          {run.name}
        </Link>
      ),
      width: 168,
      grow: true,
    },
    { id: 'state', header: 'State', value: (run) => run.state, cell: (run) => <RunState run={run} />, width: 100 },
    { id: 'experiment', header: 'Experiment', value: (run) => run.experiment, width: 132 },
    {
      id: 'startedAt',
      header: 'Started',
      value: (run) => run.startedAt,
      cell: (run) => <RelativeTime time={run.startedAt} />,
      numeric: true,
      width: 104,
    },
    {
      id: 'duration',
      header: 'Duration',
      value: (run) => (run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt),
      cell: (run) => <Duration ms={run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt} since={run.startedAt} />,
      numeric: true,
      width: 104,
    },
  ];
}

const rareColumns: readonly Column<RunWire>[] = [
  {
    id: 'commit',
    header: 'Commit',
    value: (run) => run.commit,
    cell: (run) => <code>{run.commit?.slice(0, 8) ?? '–'}</code>,
    width: 96,
    hidden: true,
  },
  { id: 'user', header: 'Started by', value: (run) => run.startedBy.name, width: 120, hidden: true },
  { id: 'computeTarget', header: 'Compute', value: (run) => run.computeTarget, width: 96, hidden: true },
];

export function numberOf(value: number | string | null | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

function widthFor(name: string): number {
  return Math.min(Math.max(name.length * 7.4 + 34, 84), 190);
}

/** As the filter language wants a name that is not a plain word. */
export function quoted(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_./:-]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function sortOf(order: string | undefined): Sort | undefined {
  const [, column, direction] = /^(.*?)(?: (asc|desc))?$/.exec(order ?? '') ?? [];
  return column === undefined || column === '' ? undefined : { column, descending: direction === 'desc' };
}

export function orderOf(sort: Sort | undefined): string | undefined {
  return sort === undefined ? undefined : `${sort.column} ${sort.descending ? 'desc' : 'asc'}`;
}

/** Chosen columns as one word of an address; ids can hold commas. */
export function joinIds(ids: readonly string[]): string {
  return ids.map((id) => id.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
}

export function splitIds(text: string | undefined): readonly string[] | undefined {
  const ids = text?.split(',').map((id) => id.replaceAll('%2C', ',').replaceAll('%25', '%'));
  // The name leads to the run: it stays, whatever is typed into the address.
  return ids === undefined || ids.includes('name') ? ids : ['name', ...ids];
}
