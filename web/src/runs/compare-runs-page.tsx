import type { RunComparisonWire } from '#tracking/wire.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { CommandLine } from '../ui/command-line.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { comparedRuns } from './compare/compared-runs.ts';
import { ComparisonTable } from './compare/comparison-table.tsx';
import { parallelAxes } from './compare/parallel-data.ts';
import { RunStrip } from './compare/run-strip.tsx';
import { comparisonQuery } from './runs-api.ts';

const ComparedCurves = lazy(() => import('./compare/compared-curves.tsx').then((module) => ({ default: module.ComparedCurves })));
const ParallelCoordinates = lazy(() =>
  import('./compare/parallel-coordinates.tsx').then((module) => ({ default: module.ParallelCoordinates })),
);
const Scatter = lazy(() => import('./compare/scatter.tsx').then((module) => ({ default: module.Scatter })));
const ComparedArtifacts = lazy(() => import('./compare/compared-artifacts.tsx').then((module) => ({ default: module.ComparedArtifacts })));

const route = getRouteApi('/$project/runs/compare');

export function CompareRunsPage() {
  const { project } = route.useParams();
  const { ids: text } = route.useSearch();
  const ids = useMemo(() => [...new Set(text.split(',').filter((id) => id !== ''))], [text]);
  const comparison = useQuery({ ...comparisonQuery(project, ids), enabled: ids.length > 0, placeholderData: keepPreviousData });
  const allRuns = (
    <Link to="/$project/runs" params={{ project }}>
      Runs
    </Link>
  );
  return (
    <>
      <PageHeader
        title={ids.length === 0 ? 'Compare runs' : `Compare ${ids.length} ${ids.length === 1 ? 'run' : 'runs'}`}
        path={allRuns}
        actions={ids.length > 0 && <CommandLine command={`ripen runs compare ${ids.join(' ')} --project ${project}`} />}
      />
      {ids.length === 0 ? (
        <EmptyState title="No runs are chosen" action={allRuns}>
          Pick two or more runs in the list and press Compare.
        </EmptyState>
      ) : (
        <QueryView query={comparison} failure="The runs could not be compared" lines={12}>
          {(read) => <Comparison comparison={read} />}
        </QueryView>
      )}
    </>
  );
}

const nobody: ReadonlySet<string> = new Set();

function Comparison({ comparison }: { readonly comparison: RunComparisonWire }) {
  const { project } = route.useParams();
  const { tab = 'curves', x, y, colour, artifact = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [hidden, setHidden] = useState(nobody);
  const runs = useMemo(() => comparedRuns(comparison.runs), [comparison.runs]);
  const shown = useMemo(() => runs.filter(({ run }) => !hidden.has(run.id)), [runs, hidden]);
  const axes = useMemo(() => {
    const places = runs.flatMap(({ run }, index) => (hidden.has(run.id) ? [] : [index]));
    const narrow = <Line extends { readonly values: readonly unknown[] }>(line: Line): Line => ({
      ...line,
      values: places.map((place) => line.values[place]),
    });
    return parallelAxes({ parameters: comparison.parameters.map(narrow), metrics: comparison.metrics.map(narrow) });
  }, [comparison, runs, hidden]);
  const change = (part: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const keep = (ids: readonly string[]) => change({ ids: ids.join(',') });
  const chosen = useMemo(() => ({ x, y, colour }), [x, y, colour]);
  const open = (run: string) => void navigate({ to: '/$project/runs/$run', params: { project, run } });
  const tabs = [
    { id: 'curves', label: 'Curves', content: later(<ComparedCurves project={project} runs={shown} />) },
    { id: 'table', label: 'Side by side', content: <ComparisonTable comparison={comparison} runs={runs} project={project} /> },
    { id: 'parallel', label: 'Parallel coordinates', content: later(<ParallelCoordinates axes={axes} runs={shown} onKeep={keep} />) },
    {
      id: 'scatter',
      label: 'Scatter',
      content: later(<Scatter axes={axes} runs={shown} chosen={chosen} onChoose={change} onOpen={open} />),
    },
    {
      id: 'artifacts',
      label: 'Artifacts',
      content: later(
        <ComparedArtifacts
          project={project}
          runs={shown}
          open={artifact}
          onOpen={(path) => change({ artifact: path === '' ? undefined : path })}
        />,
      ),
    },
  ];
  return (
    <>
      <RunStrip
        project={project}
        runs={runs}
        hidden={hidden}
        onHide={setHidden}
        onDrop={(id) => keep(runs.filter(({ run }) => run.id !== id).map(({ run }) => run.id))}
      />
      <Tabs
        label="Comparison"
        tabs={tabs}
        value={tabs.some(({ id }) => id === tab) ? tab : 'curves'}
        onChange={(id) => change({ tab: id })}
      />
    </>
  );
}

function later(content: ReactNode): ReactNode {
  return <Suspense fallback={<Skeleton lines={8} />}>{content}</Suspense>;
}
