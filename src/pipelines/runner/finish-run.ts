import { RipenError } from '#kernel/errors.ts';
import type { Change } from '#kernel/events/index.ts';
import type { PipelineRun, RunState, StepFailure } from '../model.ts';
import { selectRuns, updateRun } from '../run-store.ts';
import { hasResult, runTransition } from '../states.ts';
import { registerModel } from './register.ts';
import { failureOf, type RunnerDeps, type Session } from './session.ts';

/** The name of the job that drives a pipeline run. */
export const driveJob = 'pipelines.run';

type Outcome = Extract<RunState, 'succeeded' | 'failed' | 'cancelled'>;

/** After the last step: registers the model, ends the tracked run, writes the outcome and clears the folder. */
export async function finishRun(session: Session): Promise<void> {
  const { deps, run } = session;
  let { outcome, failure } = outcomeOf(session);
  if (outcome === 'succeeded' && run.definition.registers !== undefined) {
    try {
      await registerModel(session, run.definition.registers);
    } catch (error) {
      deps.log.warn({ err: error, pipelineRun: run.id }, 'a model could not be registered');
      outcome = 'failed';
      failure = failureOf(error);
    }
  }
  await endTracked(session, outcome);
  // Before the outcome: everything of the run is kept as blobs by now, and a server killed in between clears it again.
  await session.workspace.remove();
  await deps.events.change(session.context, (change) => writeRunEnd(deps, change, { run, outcome, failure }));
}

/** Writes the end of a run with its event, and lets the next waiting run of the same trigger begin. */
export async function writeRunEnd(
  deps: Pick<RunnerDeps, 'clock' | 'jobs'>,
  change: Change,
  { run, outcome, failure }: { run: PipelineRun; outcome: Outcome; failure: StepFailure | undefined },
): Promise<void> {
  const finishedAt = deps.clock.now();
  const done = await updateRun(change, run.id, { state: runTransition(run.state, outcome), finishedAt, failure }, [run.state]);
  if (!done) return;
  change.emit({
    type: 'pipeline.run.finished',
    source: 'pipelines',
    subject: `projects/${run.project}/pipeline-runs/${run.id}`,
    data: {
      pipelineRun: run.id,
      pipeline: run.pipeline,
      outcome,
      durationMs: finishedAt - (run.startedAt ?? run.createdAt),
      trigger: { kind: run.trigger.kind, event: run.trigger.event },
    },
  });
  if (run.triggerName === undefined) return;
  const [waiting] = await selectRuns(change, { project: run.project, triggerName: run.triggerName, state: 'queued', limit: 1 });
  if (waiting !== undefined) await deps.jobs.enqueue(change, { kind: driveJob, key: waiting.id, payload: { pipelineRun: waiting.id } });
}

function outcomeOf(session: Session): { outcome: Outcome; failure: StepFailure | undefined } {
  const steps = [...session.steps.values()];
  if (session.cancel.aborted && steps.some((step) => step.state === 'cancelled')) return { outcome: 'cancelled', failure: undefined };
  const failed = steps.find((step) => step.state === 'failed' || step.state === 'timed-out');
  if (failed !== undefined) return { outcome: 'failed', failure: failed.failure };
  return { outcome: steps.every((step) => hasResult(step.state)) ? 'succeeded' : 'failed', failure: undefined };
}

async function endTracked(session: Session, outcome: Outcome): Promise<void> {
  const tracked = session.trackedNow();
  if (tracked === undefined) return;
  const steps = [...session.steps.values()];
  const cpu = steps.flatMap((step) => step.cpuMs ?? []);
  const memory = steps.flatMap((step) => step.peakMemoryBytes ?? []);
  const outcomes = { succeeded: 'finished', failed: 'failed', cancelled: 'killed' } as const;
  try {
    await session.deps.tracking.finishRun(session.context, tracked, {
      outcome: outcomes[outcome],
      cpuMs: cpu.length === 0 ? undefined : cpu.reduce((sum, value) => sum + value, 0),
      peakMemoryBytes: memory.length === 0 ? undefined : Math.max(...memory),
    });
  } catch (error) {
    // Ended by the server that was killed before it could write the outcome here, or ended or deleted by a person.
    if (!(error instanceof RipenError && (error.kind === 'conflict' || error.kind === 'not-found'))) throw error;
  }
}
