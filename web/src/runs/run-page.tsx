import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { CommandLine } from '../ui/command-line.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type Tab, Tabs } from '../ui/tabs.tsx';
import { RunDescription } from './run/run-description.tsx';
import { RunMenu } from './run/run-menu.tsx';
import { RunTags } from './run/run-tags.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunFigures } from './run-figures.tsx';
import { isLive, RunState } from './run-state.tsx';
import { traceCountQuery } from '../traces/traces-api.ts';
import { loggedModelsQuery, nestedRunsQuery, runQuery } from './runs-api.ts';
import styles from './runs.module.css';

const RunCurves = lazy(() => import('./run-curves.tsx').then((module) => ({ default: module.RunCurves })));
const RunArtifacts = lazy(() => import('./run-artifacts.tsx').then((module) => ({ default: module.RunArtifacts })));
const LoggedModels = lazy(() => import('./run/logged-models.tsx').then((module) => ({ default: module.LoggedModels })));
const NestedRuns = lazy(() => import('./run/nested-runs.tsx').then((module) => ({ default: module.NestedRuns })));
const RunTraces = lazy(() => import('../traces/run-traces.tsx').then((module) => ({ default: module.RunTraces })));

const route = getRouteApi('/$project/runs/$run');
const liveMs = 2_000;

export function RunPage() {
  const { project, run: id } = route.useParams();
  const query = useQuery({
    ...runQuery(project, id),
    // Metrics are no events: while a run logs, it is asked again.
    refetchInterval: (state) => (state.state.data !== undefined && isLive(state.state.data) ? liveMs : false),
  });
  const run = query.data;
  return (
    <>
      <PageHeader
        title={run?.name ?? 'Run'}
        path={
          <Link to="/$project/runs" params={{ project }}>
            Runs
          </Link>
        }
        marks={
          run !== undefined && (
            <>
              <RunState run={run} />
              <RunMenu run={run} />
            </>
          )
        }
        actions={<CommandLine command={`ripen runs show ${id} --project ${project}`} />}
      />
      <QueryView query={query} failure="The run could not be read" lines={12}>
        {(read) => <RunTabs run={read} />}
      </QueryView>
    </>
  );
}

function RunTabs({ run }: { readonly run: RunWire }) {
  const { artifact = '', tab } = route.useSearch();
  const navigate = route.useNavigate();
  const nested = useQuery(nestedRunsQuery(run.project, run.id)).data?.items.length ?? 0;
  const traces = useQuery(traceCountQuery(run.project, { run: run.id })).data?.count ?? 0;
  const models = useQuery(loggedModelsQuery(run.project, run.id)).data?.items.length ?? 0;
  const system = Object.keys(run.metrics).some((name) => name.startsWith('system/'));
  const openArtifact = (path: string) =>
    void navigate({
      search: (old) => ({ ...old, tab: 'artifacts', artifact: path === '' ? undefined : path }),
      replace: true,
      resetScroll: false,
    });
  const tabs: Tab[] = [
    { id: 'overview', label: 'Overview', content: <Overview run={run} /> },
    { id: 'curves', label: 'Curves', content: later(<RunCurves run={run} system={false} />) },
    ...(system ? [{ id: 'system', label: 'System', content: later(<RunCurves run={run} system />) }] : []),
    {
      id: 'artifacts',
      label: 'Artifacts',
      content: later(<RunArtifacts holder={{ kind: 'run', project: run.project, id: run.id }} open={artifact} onOpen={openArtifact} />),
    },
    ...(traces > 0 ? [{ id: 'traces', label: 'Traces', count: traces, content: later(<RunTraces run={run} />) }] : []),
    ...(models > 0 ? [{ id: 'models', label: 'Logged models', count: models, content: later(<LoggedModels run={run} />) }] : []),
    ...(nested > 0 ? [{ id: 'nested', label: 'Nested runs', count: nested, content: later(<NestedRuns run={run} />) }] : []),
  ];
  const wanted = tab ?? (artifact === '' ? 'overview' : 'artifacts');
  return (
    <Tabs
      label="Run"
      tabs={tabs}
      value={tabs.some(({ id }) => id === wanted) ? wanted : 'overview'}
      onChange={(id) => void navigate({ search: (old) => ({ ...old, tab: id }), replace: true, resetScroll: false })}
    />
  );
}

function later(content: ReactNode): ReactNode {
  return <Suspense fallback={<Skeleton lines={8} />}>{content}</Suspense>;
}

function Overview({ run }: { readonly run: RunWire }) {
  return (
    <div className={styles['page']}>
      <div>
        <RunDescription run={run} />
        <RunFigures run={run} />
        <RunTags run={run} />
      </div>
      <div>
        <RunFacts run={run} />
      </div>
    </div>
  );
}
