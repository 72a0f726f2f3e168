import type { PipelineRunWire, PipelineWire } from '#pipelines/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { counted } from '../charts/chart-model.ts';
import { Button } from '../ui/button.tsx';
import { formatDuration, formatExact } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { Tip } from '../ui/tooltip.tsx';
import { RelativeTime } from '../ui/values.tsx';
import styles from './pipelines.module.css';
import { lastRunsQuery } from './pipelines-api.ts';
import { StartRunDialog } from './start-run-dialog.tsx';
import { isLive, PipelineRunState } from './states.tsx';
import { StepChain } from './step-chain.tsx';
import { PipelineTriggers } from './trigger.tsx';

const liveMs = 2_000;

/** One pipeline: what it does, how its last runs went, when it starts by itself. */
export function PipelineCard({ project, pipeline }: { readonly project: string; readonly pipeline: PipelineWire }) {
  const [starting, setStarting] = useState(false);
  const runs = useQuery({
    ...lastRunsQuery(project, pipeline.name),
    refetchInterval: (query) => (query.state.data?.items.some(isLive) === true ? liveMs : false),
  });
  const last = runs.data?.items[0];
  return (
    <article className={styles['card']} aria-label={`Pipeline ${pipeline.name}`}>
      <header className={styles['cardHead']}>
        <h2 className={styles['cardTitle']}>
          <Link to="/$project/pipelines" params={{ project }} search={{ pipeline: pipeline.name }}>
            {pipeline.name}
          </Link>
        </h2>
        <Button icon={<Play size={13} aria-hidden />} onClick={() => setStarting(true)} aria-label={`Run ${pipeline.name}`}>
          Run
        </Button>
      </header>
      {pipeline.description !== undefined && <p className={styles['second']}>{pipeline.description}</p>}
      <StepChain steps={pipeline.steps} states={last?.stepStates ?? []} />
      <div className={styles['line']}>
        <LastRuns project={project} runs={runs.data?.items ?? []} />
        {last !== undefined && (
          <span className={styles['second']}>
            last <RelativeTime time={last.createdAt} />
          </span>
        )}
      </div>
      <p className={styles['note']}>
        Starts <PipelineTriggers triggers={pipeline.triggers} />
        {' · '}
        {counted(Object.keys(pipeline.parameters).length, 'parameter')}
        {pipeline.registers !== undefined && (
          <>
            {' · registers '}
            <Link to="/$project/models" params={{ project }}>
              {pipeline.registers.model}
            </Link>
          </>
        )}
      </p>
      {starting && <StartRunDialog project={project} pipeline={pipeline} onClose={() => setStarting(false)} />}
    </article>
  );
}

/** The last runs as marks, the newest at the end. */
function LastRuns({ project, runs }: { readonly project: string; readonly runs: readonly PipelineRunWire[] }) {
  if (runs.length === 0) return <span className={styles['note']}>Has not run yet</span>;
  return (
    <ol className={styles['marks']} aria-label="Last runs, the newest last">
      {runs.toReversed().map((run) => (
        <li key={run.id}>
          <Tip text={tipOf(run)}>
            <Link
              to="/$project/pipelines/$pipelineRun"
              params={{ project, pipelineRun: run.id }}
              aria-label={`Run ${run.state}, ${formatExact(run.createdAt)}`}
            >
              <PipelineRunState run={run} wordHidden />
            </Link>
          </Tip>
        </li>
      ))}
    </ol>
  );
}

function tipOf(run: PipelineRunWire): string {
  const took =
    run.startedAt === undefined || run.finishedAt === undefined ? '' : ` after ${formatDuration(run.finishedAt - run.startedAt)}`;
  return `${run.state}${took}, ${formatExact(run.createdAt)}`;
}
