import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { address, pathOf } from '../api/client.ts';
import { usePageKeys } from '../frame/page-keys.ts';
import { type PaletteItem, usePaletteItems } from '../frame/palette-items.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { runCountQuery, type RunFields, runFieldsQuery, runsByIdQuery } from './runs-api.ts';
import styles from './runs.module.css';
import { NoRuns, NothingFits } from './table/empty-runs.tsx';
import { save } from './table/export-menu.tsx';
import { FilterField } from './table/filter-field.tsx';
import { chosenColumns, columnCatalogue, firstChoices, type GridColumn } from './table/grid-columns.tsx';
import { gridKeyWords } from './table/grid-keys.ts';
import { RunGrid } from './table/run-grid.tsx';
import { type BulkAction, mostCompared, PickBar } from './table/pick-bar.tsx';
import { RunToolbar } from './table/run-toolbar.tsx';
import {
  columnChoices,
  columnsText,
  moveColumn,
  nextSort,
  orderText,
  pinnedIds,
  sortTerms,
  type TableSearch,
} from './table/table-state.ts';
import { useOpenedView } from './table/use-opened-view.ts';
import { usePicks } from './table/use-picks.ts';
import { useRowModel } from './table/use-row-model.ts';
import { type RowRange, useRunRows } from './table/use-run-rows.ts';
import { useSettledSearch } from './table/use-settled-search.ts';
import { useSlash } from './table/use-slash.ts';
import { ViewsMenu } from './table/views-menu.tsx';
import type { Measure } from './table/table-state.ts';

const DeleteRuns = lazy(() => import('./table/bulk-dialogs.tsx').then((module) => ({ default: module.DeleteRuns })));
const TagRuns = lazy(() => import('./table/bulk-dialogs.tsx').then((module) => ({ default: module.TagRuns })));

const route = getRouteApi('/$project/runs');

export function RunsPage() {
  const { project } = route.useParams();
  const fields = useQuery(runFieldsQuery(project));
  return (
    <>
      <PageHeader
        title="Runs"
        description="What each training logged: parameters, metrics, artifacts, and the data and code it came from."
      />
      <QueryView query={fields} failure="The runs could not be read">
        {(known) => <RunTable key={project} fields={known} />}
      </QueryView>
    </>
  );
}

function RunTable({ fields }: { readonly fields: RunFields }) {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback((part: TableSearch) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true }), [navigate]);
  const open = useCallback((next: TableSearch) => void navigate({ search: next }), [navigate]);
  useOpenedView(project, search, open);
  const only = useMemo(
    () =>
      columnChoices(search.columns)
        ?.map(({ id }) => id)
        .filter((id) => /^(?:metrics|params|tags)\./.test(id))
        .toSorted(),
    [search.columns],
  );
  const { shown, error, first, refetch } = useSettledSearch(project, search, only);

  const count = useQuery(runCountQuery(project, shown)).data?.count;
  const catalogue = useMemo(() => columnCatalogue(project, fields), [project, fields]);
  // The first rows that are read decide which columns are shown at first; later rows do not move columns.
  const [sample, setSample] = useState<readonly RunWire[]>();
  if ((sample === undefined || sample.length === 0) && first !== undefined && first !== sample) setSample(first);
  const choices = useMemo(
    () => columnChoices(search.columns) ?? firstChoices(catalogue, sample ?? []),
    [search.columns, catalogue, sample],
  );
  const columns = useMemo(() => chosenColumns(catalogue, choices), [catalogue, choices]);
  const order = useMemo(() => sortTerms(search.order), [search.order]);
  const [measure, setMeasure] = useState<Measure>('mean');

  const { model, toggle } = useRowModel(project, shown, { count: count ?? first?.length ?? 0, columns, order, measure });
  const [range, setRange] = useState<RowRange>({ from: 0, to: 40 });
  const wide = useMemo(() => ({ ...shown, only }), [shown, only]);
  const { runAt } = useRunRows(project, wide, model, range);
  const picks = usePicks({ project, search: shown, model, runAt });
  const [asked, setAsked] = useState<BulkAction>();
  const pins = pinnedIds(search.pinned);
  const pinned = useQuery({ ...runsByIdQuery(project, pins), enabled: pins.length > 0 }).data ?? [];
  const filter = useRef<{ focus: () => void }>(null);
  usePageKeys('Table of runs', gridKeyWords);
  usePaletteItems(
    useMemo(
      (): readonly PaletteItem[] => [
        {
          id: 'runs-export',
          group: 'Actions',
          label: 'Export all runs as Parquet',
          command: `ripen runs export runs.parquet --project ${project}`,
          onSelect: () => save(address(pathOf`/projects/${project}/run-export`, { format: 'parquet' })),
        },
        {
          id: 'runs-deleted',
          group: 'Go to',
          label: 'Deleted runs',
          onSelect: () => change({ lifecycle: 'deleted' }),
        },
      ],
      [project, change],
    ),
  );
  useSlash(filter);

  const deleted = search.lifecycle === 'deleted';
  const narrowed = search.filter !== undefined || search.experiment !== undefined || search.state !== undefined;
  const setPins = (ids: readonly string[]) => change({ pinned: ids.length === 0 ? undefined : ids.join(',') });
  const act = (action: BulkAction) => picks.picked.size > 0 && setAsked(action);
  const compare = () => {
    if (picks.picked.size < 2 || picks.picked.size > mostCompared) return;
    void navigate({ to: '/$project/runs/compare', params: { project }, search: { ids: [...picks.picked].join(',') } });
  };
  if (first === undefined) {
    if (error !== null && !narrowed && search.order === undefined)
      return <ErrorState error={error} title="The runs could not be read" onRetry={refetch} />;
    if (error === null) return <Skeleton lines={14} />;
  }
  if (first?.length === 0 && !narrowed && !deleted && shown === search) return <NoRuns project={project} />;

  return (
    <>
      <div className={styles['filterLine']}>
        <ViewsMenu project={project} search={search} onOpen={open} />
        <FilterField
          project={project}
          fields={fields}
          value={search.filter ?? ''}
          onApply={(text) => change({ filter: text || undefined })}
          error={error}
          focus={filter}
        />
      </div>
      {picks.picked.size > 0 ? (
        <PickBar
          count={picks.picked.size}
          deleted={deleted}
          onCompare={compare}
          onPin={() => setPins([...new Set([...pins, ...picks.picked])].slice(0, 20))}
          onExport={() => save(exportAddress(project, { ids: picks.picked, deleted, columns }))}
          onAct={act}
          onClear={picks.clear}
        />
      ) : (
        <RunToolbar
          project={project}
          fields={fields}
          search={search}
          onChange={change}
          catalogue={catalogue}
          choices={choices}
          columns={columns}
          order={order}
          count={count}
          measure={measure}
          onMeasure={setMeasure}
        />
      )}
      {count === 0 && pinned.length === 0 ? (
        <NothingFits
          deleted={deleted}
          narrowed={narrowed}
          onClear={() => change({ filter: undefined, experiment: undefined, state: undefined, lifecycle: undefined })}
        />
      ) : (
        <RunGrid
          label="Runs"
          model={model}
          runAt={runAt}
          columns={columns}
          order={order}
          onSort={(column, add) =>
            change({ order: orderText(nextSort(order, column.id, { add, first: column.numeric ? 'desc' : 'asc' })) })
          }
          onResize={(id, width) => change({ columns: columnsText(choices.map((choice) => (choice.id === id ? { id, width } : choice))) })}
          onMove={(id, to) => change({ columns: columnsText(moveColumn(choices, id, to)) })}
          measure={measure}
          picked={picks.picked}
          onPick={picks.pick}
          onPickAll={picks.pickAll}
          onOpen={(run) => void navigate({ to: '/$project/runs/$run', params: { project, run: run.id } })}
          onToggleGroup={toggle}
          pinned={pinned}
          onPin={(id) => setPins(pins.includes(id) ? pins.filter((pin) => pin !== id) : [...pins, id])}
          onCompare={compare}
          onDelete={() => act(deleted ? 'restore' : 'delete')}
          onRange={setRange}
          stale={shown !== search && error === null}
        />
      )}
      {asked !== undefined && (
        <Asked
          action={asked}
          project={project}
          runs={[...picks.picked]}
          onDone={() => {
            setAsked(undefined);
            if (asked !== 'tag') picks.clear();
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

function exportAddress(
  project: string,
  { ids, deleted, columns }: { ids: ReadonlySet<string>; deleted: boolean; columns: readonly GridColumn[] },
): string {
  const filter = `id in (${[...ids].map((id) => `'${id}'`).join(', ')})`;
  return address(pathOf`/projects/${project}/run-export`, {
    filter,
    lifecycle: deleted ? 'deleted' : undefined,
    column: columns.map(({ id }) => id),
  });
}

interface AskedProps {
  readonly action: BulkAction;
  readonly project: string;
  readonly runs: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Asked({ action, ...rest }: AskedProps) {
  return <Suspense>{action === 'tag' ? <TagRuns {...rest} /> : <DeleteRuns {...rest} restore={action === 'restore'} />}</Suspense>;
}
