import type { PipelineRunDetailWire } from '#pipelines/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Graph, type GraphItem } from '../charts/graph.tsx';
import { Timeline } from '../charts/timeline.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { formatDuration } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { PageHeader, Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { useNow } from '../ui/use-now.ts';
import { showCommand } from './commands.ts';
import { FailureBox } from './failure-box.tsx';
import { pipelineRunQuery } from './pipelines-api.ts';
import styles from './pipelines.module.css';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import { isLive, PipelineRunState, stepShape, stepWord } from './states.tsx';
import { StepDetails } from './step-details.tsx';
import { StepTable } from './step-table.tsx';

const route = getRouteApi('/$project/pipelines/$pipelineRun');
const liveMs = 1_000;

export function PipelineRunPage() {
  const { project, pipelineRun } = route.useParams();
  const query = useQuery({
    ...pipelineRunQuery(project, pipelineRun),
    // Only ends of steps are events; their starts and progress are asked for while the run is under way.
    refetchInterval: (state) => (state.state.data !== undefined && isLive(state.state.data) ? liveMs : false),
  });
  const run = query.data;
  return (
    <>
      <PageHeader
        title={run?.pipeline ?? 'Pipeline run'}
        path={
          <Link to="/$project/pipelines" params={{ project }}>
            Pipelines
          </Link>
        }
        marks={run !== undefined && <PipelineRunState run={run} />}
        actions={
          run !== undefined && (
            <>
              <CommandLine command={showCommand(project, run.id)} />
              <RunActions run={run} />
            </>
          )
        }
      />
      <QueryView query={query} failure="The pipeline run could not be read" lines={12}>
        {(read) => <Course run={read} />}
      </QueryView>
    </>
  );
}

function Course({ run }: { readonly run: PipelineRunDetailWire }) {
  const { step: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const now = useNow();
  const choose = (step: string | undefined) =>
    void navigate({ search: () => (step === undefined ? {} : { step }), replace: true, resetScroll: false });
  const nodes = useMemo(() => run.graph.map((definition) => nodeOf(run, definition.name)), [run]);
  const edges = useMemo(() => run.graph.flatMap(({ name, before }) => before.map((from) => ({ from, to: name }))), [run.graph]);
  const items = useMemo(
    () =>
      run.steps.map((step) => ({
        id: step.step,
        label: step.step,
        state: stepShape(step.state),
        word: stepWord(step.state),
        start: step.startedAt ?? null,
        end: step.finishedAt ?? null,
      })),
    [run.steps],
  );
  const definition = run.graph.find(({ name }) => name === chosen);
  const step = run.steps.find((candidate) => candidate.step === chosen);
  return (
    <SplitPane
      detailsTitle={chosen ?? ''}
      onClose={() => choose(undefined)}
      details={definition === undefined || step === undefined ? undefined : <StepDetails run={run} definition={definition} step={step} />}
    >
      <div className={styles['stack']}>
        <RunFacts run={run} />
        {run.failure !== undefined && <FailureBox failure={run.failure} />}
        <Panel>
          <Graph title="Steps" nodes={nodes} edges={edges} selected={chosen} onSelect={choose} />
        </Panel>
        <Panel>
          <Timeline title="Timeline" items={items} now={now} selected={chosen} onSelect={choose} />
        </Panel>
        <StepTable run={run} chosen={chosen} onChoose={choose} />
      </div>
    </SplitPane>
  );
}

function nodeOf(run: PipelineRunDetailWire, name: string): GraphItem {
  const step = run.steps.find((candidate) => candidate.step === name);
  if (step === undefined) return { id: name, label: name };
  const took = step.startedAt === undefined || step.finishedAt === undefined ? undefined : step.finishedAt - step.startedAt;
  const ran = step.state === 'succeeded' && took !== undefined;
  return {
    id: name,
    label: name,
    state: stepShape(step.state),
    word: stepWord(step.state),
    detail: ran ? formatDuration(took) : stepWord(step.state),
  };
}
