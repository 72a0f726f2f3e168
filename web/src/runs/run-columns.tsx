import type { WireRun } from '#tracking/wire.ts';
import { Link } from '../ui/link.tsx';
import type { Column, Sort } from '../ui/table-columns.ts';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { RunState } from './run-state.tsx';
import type { RunFields } from './runs-api.ts';

/** Shown before anybody chose: as many as fit beside the facts of a run. */
const firstMetrics = 4;
const firstParameters = 2;

/** Ids of columns are what the server orders by. */
export function runColumns(project: string, fields: RunFields): readonly Column<WireRun>[] {
  const metrics = fields.metrics.map<Column<WireRun>>((name, index) => ({
    id: `metrics.${quoted(name)}`,
    header: name,
    value: (run) => numberOf(run.metrics[name]),
    numeric: true,
    width: widthFor(name),
    hidden: index >= firstMetrics,
  }));
  const parameters = fields.parameters.map<Column<WireRun>>((name, index) => ({
    id: `params.${quoted(name)}`,
    header: name,
    value: (run) => run.parameters[name],
    width: widthFor(name),
    hidden: index >= firstParameters,
  }));
  return [...factColumns(project), ...metrics, ...parameters, ...rareColumns];
}

function factColumns(project: string): readonly Column<WireRun>[] {
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

const rareColumns: readonly Column<WireRun>[] = [
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
