import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CommandLine } from '../ui/command-line.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { RunArtifacts } from './run-artifacts.tsx';
import { RunCurves } from './run-curves.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunFigures } from './run-figures.tsx';
import { isLive, RunState } from './run-state.tsx';
import styles from './runs.module.css';
import { runQuery } from './runs-api.ts';

const route = getRouteApi('/$project/runs/$run');
const liveMs = 2_000;

export function RunPage() {
  const { project, run: id } = route.useParams();
  const { artifact = '' } = route.useSearch();
  const navigate = route.useNavigate();
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
        marks={run !== undefined && <RunState run={run} />}
        actions={<CommandLine command={`ripen runs show ${id} --project ${project}`} />}
      />
      <QueryView query={query} failure="The run could not be read" lines={12}>
        {(read) => (
          <div className={styles['page']}>
            <div>
              <RunCurves run={read} />
              <RunFigures run={read} />
              <RunArtifacts
                run={read}
                open={artifact}
                onOpen={(path) =>
                  void navigate({
                    search: (old) => ({ ...old, artifact: path === '' ? undefined : path }),
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
            </div>
            <div>
              <RunFacts run={read} />
            </div>
          </div>
        )}
      </QueryView>
    </>
  );
}
