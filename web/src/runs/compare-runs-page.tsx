import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { CommandLine } from '../ui/command-line.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { ComparedCurves } from './compared-curves.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { ParallelCoordinates } from './parallel-coordinates.tsx';
import { comparisonQuery } from './runs-api.ts';

const route = getRouteApi('/$project/runs/compare');

export function CompareRunsPage() {
  const { project } = route.useParams();
  const { ids: text } = route.useSearch();
  const ids = useMemo(() => [...new Set(text.split(',').filter((id) => id !== ''))], [text]);
  const comparison = useQuery({ ...comparisonQuery(project, ids), enabled: ids.length > 0 });
  const allRuns = (
    <Link to="/$project/runs" params={{ project }}>
      Runs
    </Link>
  );
  return (
    <>
      <PageHeader
        title={ids.length === 0 ? 'Compare runs' : `Compare ${ids.length} runs`}
        path={allRuns}
        actions={ids.length > 0 && <CommandLine command={`ripen runs compare ${ids.join(' ')} --project ${project}`} />}
      />
      {ids.length === 0 ? (
        <EmptyState title="No runs are chosen" action={allRuns}>
          Pick two or more runs in the list and press Compare.
        </EmptyState>
      ) : (
        <QueryView query={comparison} failure="The runs could not be compared" lines={12}>
          {(read) => (
            <>
              <ComparedCurves project={project} runs={read.runs} />
              <ParallelCoordinates comparison={read} />
              <ComparisonTable comparison={read} project={project} />
            </>
          )}
        </QueryView>
      )}
    </>
  );
}
