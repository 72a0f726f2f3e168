import type { RunGroupWire } from '#tracking/table/wire.ts';
import type { RunWire } from '#tracking/wire.ts';
import type { ReactNode } from 'react';
import { formatNumber, shortId } from '../../ui/format.ts';
import { Duration, RelativeTime } from '../../ui/values.tsx';
import { directionOf } from '../metric-direction.ts';
import { RunState } from '../run-state.tsx';
import type { RunFields } from '../runs-api.ts';
import styles from './grid.module.css';
import { quoted } from './filter-completion.ts';
import type { ColumnChoice, Measure } from './table-state.ts';

export interface GridColumn {
  /** What the server orders by: `metrics.auc`, `params."learning rate"`, `startedAt`. */
  readonly id: string;
  readonly header: string;
  readonly kind: 'attribute' | 'metric' | 'parameter' | 'tag';
  readonly numeric: boolean;
  readonly width: number;
  readonly cell: (run: RunWire) => ReactNode;
  /** Of a group of runs. */
  readonly groupCell?: (group: RunGroupWire, measure: Measure) => ReactNode;
  /** Name of the metric, parameter or tag. */
  readonly name?: string;
}

/** Shown before anybody chose: as many as fit beside the facts of a run. */
const firstMetrics = 4;
const firstParameters = 3;

export type ColumnCatalogue = ReadonlyMap<string, GridColumn>;

/** Every column that the runs of the project can have, in the order in which they are offered. */
export function columnCatalogue(project: string, fields: RunFields): ColumnCatalogue {
  const all = [
    ...factColumns(project),
    ...fields.metrics.map(metricColumn),
    ...fields.parameters.map(parameterColumn),
    ...fields.tags.filter((name) => !hiddenTags.has(name)).map(tagColumn),
    ...rareColumns,
  ];
  return new Map(all.map((column) => [column.id, column]));
}

// Long texts and what columns of their own show.
const hiddenTags = new Set(['mlflow.note.content', 'mlflow.runName', 'mlflow.parentRunId']);

function metricColumn(name: string): GridColumn {
  return {
    id: `metrics.${quoted(name)}`,
    header: name,
    kind: 'metric',
    name,
    numeric: true,
    width: widthFor(name),
    cell: (run) => plainNumber(run.metrics[name]),
    groupCell: (group, measure) => plainNumber(group.metrics[name]?.[measure]),
  };
}

function parameterColumn(name: string): GridColumn {
  const id = `params.${quoted(name)}`;
  return { id, header: name, kind: 'parameter', name, numeric: false, width: widthFor(name), cell: (run) => run.parameters[name] };
}

function tagColumn(name: string): GridColumn {
  return {
    id: `tags.${quoted(name)}`,
    header: name,
    kind: 'tag',
    name,
    numeric: false,
    width: widthFor(name),
    cell: (run) => run.tags[name],
  };
}

function plainNumber(value: number | string | null | undefined): string | undefined {
  return value === undefined || value === null ? undefined : formatNumber(Number(value));
}

function widthFor(name: string): number {
  return Math.round(Math.min(Math.max(name.length * 7.2 + 36, 96), 190));
}

function fact(column: Omit<GridColumn, 'kind' | 'numeric'> & { readonly numeric?: boolean }): GridColumn {
  return { kind: 'attribute', numeric: false, ...column };
}

function factColumns(project: string): readonly GridColumn[] {
  return [
    fact({
      id: 'name',
      header: 'Run',
      width: 190,
      cell: (run) => (
        // A plain link: the row does what a click on it means, and the router's own costs too much a hundred times a second.
        <a className={styles['name']} href={runAddress(project, run.id)} tabIndex={-1}>
          {run.name}
        </a>
      ),
    }),
    fact({ id: 'state', header: 'State', width: 104, cell: (run) => <RunState run={run} /> }),
    fact({ id: 'experiment', header: 'Experiment', width: 132, cell: (run) => run.experiment }),
    fact({
      id: 'startedAt',
      header: 'Started',
      width: 104,
      numeric: true,
      cell: (run) => <RelativeTime time={run.startedAt} />,
      groupCell: (group) => <RelativeTime time={group.lastStartedAt} />,
    }),
    fact({
      id: 'duration',
      header: 'Duration',
      width: 104,
      numeric: true,
      cell: (run) => <Duration ms={run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt} since={run.startedAt} />,
    }),
  ];
}

const rareColumns: readonly GridColumn[] = [
  fact({ id: 'commit', header: 'Commit', width: 96, cell: (run) => run.commit !== undefined && <code>{run.commit.slice(0, 8)}</code> }),
  fact({ id: 'user', header: 'Started by', width: 120, cell: (run) => (run.user === '' ? run.startedBy.name : run.user) }),
  fact({
    id: 'finishedAt',
    header: 'Ended',
    width: 104,
    numeric: true,
    cell: (run) => run.finishedAt !== undefined && <RelativeTime time={run.finishedAt} />,
  }),
  fact({ id: 'computeTarget', header: 'Compute', width: 110, cell: (run) => run.computeTarget }),
  fact({
    id: 'parentRun',
    header: 'Parent run',
    width: 110,
    cell: (run) => run.parentRun !== undefined && <code>{shortId(run.parentRun)}</code>,
  }),
  fact({
    id: 'cpuMs',
    header: 'CPU time',
    width: 100,
    numeric: true,
    cell: (run) => run.cpuMs !== undefined && <Duration ms={run.cpuMs} />,
  }),
  fact({ id: 'id', header: 'Id', width: 260, cell: (run) => <code>{run.id}</code> }),
];

/** Chosen columns that exist; a name that no run has any more keeps its column, empty. */
export function chosenColumns(catalogue: ColumnCatalogue, choices: readonly ColumnChoice[]): readonly GridColumn[] {
  return choices.map(({ id, width }) => {
    const column = catalogue.get(id) ?? fact({ id, header: id, width: widthFor(id), cell: () => undefined });
    return width === undefined ? column : { ...column, width };
  });
}

/** What is shown before anybody chose: facts, the metrics that most runs have, the parameters in which runs differ. */
export function firstChoices(catalogue: ColumnCatalogue, sample: readonly RunWire[]): readonly ColumnChoice[] {
  const metrics = Object.entries(countNames(sample.map((run) => Object.keys(run.metrics)))).filter(([name]) => !name.startsWith('system/'));
  const judged = metrics.toSorted(([a, x], [b, y]) => y - x || Number(directionOf(a) === undefined) - Number(directionOf(b) === undefined));
  const parameters = Object.entries(countNames(sample.map((run) => Object.keys(run.parameters))));
  const kinds = (name: string) => new Set(sample.map((run) => run.parameters[name])).size;
  // One value says nothing, and as many values as runs are only a number of the run.
  const telling = parameters.filter(([name]) => kinds(name) > 1 && (kinds(name) < sample.length || sample.length < 4));
  const ids = [
    'name',
    'state',
    'experiment',
    'startedAt',
    'duration',
    ...judged.slice(0, firstMetrics).map(([name]) => `metrics.${quoted(name)}`),
    ...telling
      .toSorted(([, x], [, y]) => y - x)
      .slice(0, firstParameters)
      .map(([name]) => `params.${quoted(name)}`),
  ];
  return ids.filter((id) => catalogue.has(id)).map((id) => ({ id }));
}

function countNames(lists: readonly (readonly string[])[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of lists.flat()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export function runAddress(project: string, run: string): string {
  return `/${encodeURIComponent(project)}/runs/${encodeURIComponent(run)}`;
}
