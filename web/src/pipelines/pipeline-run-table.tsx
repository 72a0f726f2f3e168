import type { PipelineRunWire, PipelineWire } from '#pipelines/wire.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Link } from '../ui/link.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { changedParameters, parametersText } from './parameter-values.ts';
import { pipelineRunPages } from './pipelines-api.ts';
import { isLive, PipelineRunState, StepState } from './states.tsx';
import styles from './pipelines.module.css';
import { RunTrigger } from './trigger.tsx';

const route = getRouteApi('/$project/pipelines');
const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export function PipelineRunTable({ pipelines }: { readonly pipelines: readonly PipelineWire[] }) {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const runs = useInfiniteQuery({
    ...pipelineRunPages(project, search),
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some(isLive)) === true ? 2_000 : false),
  });
  const columns = useMemo(() => columnsOf(project, pipelines), [project, pipelines]);
  const change = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const narrowed = search.pipeline !== undefined || search.state !== undefined;
  const names = pipelines.map((pipeline) => pipeline.name);
  const rows = runs.data ?? [];
  return (
    <Table
      label="Pipeline runs"
      columns={columns}
      rows={rows}
      rowKey={(run) => run.id}
      onOpen={(run) => void navigate({ to: '/$project/pipelines/$pipelineRun', params: { project, pipelineRun: run.id } })}
      onEnd={readMore}
      {...(hasNextPage ? { total: rows.length + 1 } : {})}
      maxHeight="70vh"
      tools={
        <>
          <Select
            label="Pipeline"
            labelHidden
            choices={[{ value: '', label: 'Every pipeline' }, ...names.map((name) => ({ value: name, label: name }))]}
            value={search.pipeline ?? ''}
            onChange={(pipeline) => change({ pipeline: pipeline || undefined })}
          />
          <Select
            label="State"
            labelHidden
            choices={[{ value: '', label: 'Every state' }, ...states.map((state) => ({ value: state, label: state }))]}
            value={search.state ?? ''}
            onChange={(state) => change({ state: state || undefined })}
          />
        </>
      }
      empty={
        runs.isError ? (
          <ErrorState error={runs.error} title="The pipeline runs could not be read" onRetry={() => void runs.refetch()} />
        ) : runs.isPending ? (
          <Skeleton lines={6} />
        ) : narrowed ? (
          <EmptyState
            title="No run fits"
            action={<Button onClick={() => change({ pipeline: undefined, state: undefined })}>Show all runs</Button>}
          >
            There is no run of the chosen pipeline in the chosen state.
          </EmptyState>
        ) : (
          <EmptyState title="No pipeline has run yet" command={`ripen pipeline run ${names[0] ?? 'train'} --project ${project}`}>
            Start one of the pipelines above, or wait for its trigger.
          </EmptyState>
        )
      }
    />
  );
}

function columnsOf(project: string, pipelines: readonly PipelineWire[]): readonly Column<PipelineRunWire>[] {
  const defaults = new Map(pipelines.map((pipeline) => [pipeline.name, pipeline.parameters]));
  const changed = (run: PipelineRunWire) => parametersText(changedParameters(run.parameters, defaults.get(run.pipeline)));
  return [
    {
      id: 'pipeline',
      header: 'Pipeline',
      value: (run) => run.pipeline,
      cell: (run) => (
        <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun: run.id }}>
          {run.pipeline}
        </Link>
      ),
      width: 128,
    },
    { id: 'state', header: 'State', value: (run) => run.state, cell: (run) => <PipelineRunState run={run} />, width: 126 },
    {
      id: 'steps',
      header: 'Steps',
      value: (run) => run.stepStates.length,
      cell: (run) => <StepMarks run={run} />,
      sortable: false,
      width: 92,
    },
    {
      id: 'trigger',
      header: 'Started by',
      value: (run) => run.trigger.kind,
      cell: (run) => <RunTrigger project={project} run={run} />,
      width: 148,
    },
    {
      id: 'parameters',
      header: 'Parameters other than default',
      value: changed,
      sortable: false,
      grow: true,
      width: 200,
    },
    {
      id: 'duration',
      header: 'Duration',
      value: durationOf,
      cell: (run) => <Duration ms={durationOf(run)} since={run.startedAt} />,
      numeric: true,
      width: 108,
    },
    {
      id: 'commit',
      header: 'Commit',
      value: (run) => run.commit,
      cell: (run) => (
        <code>
          {run.commit?.slice(0, 8) ?? '–'}
          {run.dirty === true ? '+' : ''}
        </code>
      ),
      width: 92,
    },
    {
      id: 'created',
      header: 'Started',
      value: (run) => run.createdAt,
      cell: (run) => <RelativeTime time={run.createdAt} />,
      numeric: true,
      width: 108,
    },
  ];
}

function StepMarks({ run }: { readonly run: PipelineRunWire }) {
  return (
    <span className={styles['marks']}>
      {run.stepStates.map(({ step, state }) => (
        <StepState key={step} state={state} wordHidden />
      ))}
    </span>
  );
}

export function durationOf(run: Pick<PipelineRunWire, 'startedAt' | 'finishedAt'>): number | undefined {
  return run.startedAt === undefined || run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt;
}
