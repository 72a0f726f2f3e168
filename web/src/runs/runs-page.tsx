import type { RunWire } from '#tracking/wire.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Table } from '../ui/table.tsx';
import { FilterField } from './filter-field.tsx';
import { joinIds, orderOf, runColumns, sortOf, splitIds } from './run-columns.tsx';
import { experimentsQuery, runCountQuery, type RunFields, runFieldsQuery, runPages } from './runs-api.ts';

const route = getRouteApi('/$project/runs');
const states = ['running', 'finished', 'failed', 'killed'] as const;

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
        {(known) => <RunTable fields={known} />}
      </QueryView>
    </>
  );
}

function RunTable({ fields }: { readonly fields: RunFields }) {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const runs = useInfiniteQuery(runPages(project, search));
  const count = useQuery({ ...runCountQuery(project, search), enabled: !runs.isError });
  // The first rows that are read decide which columns are shown at first; later rows do not move columns.
  const [sample, setSample] = useState<readonly RunWire[]>();
  if (sample === undefined && runs.data !== undefined) setSample(runs.data);
  const columns = useMemo(() => runColumns(project, fields, sample ?? []), [project, fields, sample]);
  const change = useCallback((part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true }), [navigate]);
  const visible = useMemo(() => splitIds(search.columns), [search.columns]);
  const narrowed = search.filter !== undefined || search.experiment !== undefined || search.state !== undefined;
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const open = useCallback(
    (run: RunWire) => void navigate({ to: '/$project/runs/$run', params: { project, run: run.id } }),
    [navigate, project],
  );

  if (runs.isPending && !narrowed) return <Skeleton lines={12} />;
  if (runs.data?.length === 0 && !narrowed) return <NoRuns project={project} />;
  return (
    <Table
      label="Runs"
      columns={columns}
      rows={runs.isError ? [] : (runs.data ?? [])}
      rowKey={(run) => run.id}
      onOpen={open}
      picked={picked}
      onPick={setPicked}
      visible={visible}
      onVisible={(ids) => change({ columns: joinIds(ids) })}
      sort={sortOf(search.order)}
      onSort={(sort) => change({ order: orderOf(sort) })}
      onEnd={readMore}
      {...(count.data === undefined ? {} : { total: count.data.count })}
      maxHeight="calc(100vh - 210px)"
      tools={
        <>
          <FilterField value={search.filter ?? ''} onApply={(filter) => change({ filter: filter || undefined })} error={runs.error} />
          <ExperimentChoice value={search.experiment} onChange={(experiment) => change({ experiment })} />
          <Select
            label="State"
            labelHidden
            choices={[{ value: '', label: 'Every state' }, ...states.map((state) => ({ value: state, label: state }))]}
            value={search.state ?? ''}
            onChange={(state) => change({ state: state || undefined })}
          />
          <Button
            look={picked.size > 1 ? 'primary' : 'default'}
            disabled={picked.size < 2}
            onClick={() => void navigate({ to: '/$project/runs/compare', params: { project }, search: { ids: [...picked].join(',') } })}
          >
            Compare{picked.size > 0 ? ` ${picked.size}` : ''}
          </Button>
        </>
      }
      empty={
        runs.isError ? (
          <ErrorState error={runs.error} title="The runs could not be read" onRetry={() => void runs.refetch()} />
        ) : runs.isPending ? (
          <Skeleton lines={8} />
        ) : (
          <NothingFits onClear={() => change({ filter: undefined, experiment: undefined, state: undefined })} />
        )
      }
    />
  );
}

function ExperimentChoice({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (name: string | undefined) => void;
}) {
  const { project } = route.useParams();
  const experiments = useQuery(experimentsQuery(project));
  const names = experiments.data?.items.map((experiment) => experiment.name) ?? [];
  const all = value !== undefined && !names.includes(value) ? [value, ...names] : names;
  return (
    <Select
      label="Experiment"
      labelHidden
      choices={[{ value: '', label: 'Every experiment' }, ...all.map((name) => ({ value: name, label: name }))]}
      value={value ?? ''}
      onChange={(name) => onChange(name || undefined)}
    />
  );
}

function NoRuns({ project }: { readonly project: string }) {
  return (
    <EmptyState title="No run was tracked yet" command={`ripen pipeline run train --project ${project}`}>
      A pipeline step with <code>tracked: true</code> logs its parameters, metrics and artifacts to a run. Start a pipeline that trains.
    </EmptyState>
  );
}

function NothingFits({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState title="No run fits" action={<Button onClick={onClear}>Show all runs</Button>}>
      No run fits the filter, the experiment and the state that are chosen.
    </EmptyState>
  );
}
