import type { ChangeContext } from '#kernel/events/index.ts';
import { pipelineErrors } from './errors.ts';
import type { PipelineRun, PipelineRunId } from './model.ts';
import { selectRun, updateRun } from './run-store.ts';
import { writeRunEnd } from './runner/finish-run.ts';
import { writeStepEnd } from './runner/finish-step.ts';
import type { RunnerDeps } from './runner/session.ts';
import { insertStarted } from './start-run.ts';
import { isRunDone } from './states.ts';
import { selectSteps } from './step-store.ts';

type EndDeps = Pick<RunnerDeps, 'events' | 'clock' | 'jobs' | 'ids'>;

/**
 * Asks a run to end. One that waits ends at once; one under way when its steps have ended.
 * @throws `pipelines.already-finished`
 */
export async function cancelRun(deps: EndDeps, context: ChangeContext, run: PipelineRun): Promise<void> {
  if (isRunDone(run.state)) throw pipelineErrors['already-finished']({ pipelineRun: run.id, state: run.state });
  await deps.events.change({ ...context, project: run.project }, async (change) => {
    const now = await selectRun(change, run.id);
    if (now === undefined || isRunDone(now.state)) return;
    await updateRun(change, run.id, { cancelRequested: true });
    if (now.state !== 'queued') return;
    const failure = pipelineErrors['step-cancelled']({ step: run.pipeline });
    for (const before of await selectSteps(change, run.id))
      await writeStepEnd(change, now, {
        before,
        patch: { state: 'cancelled', failure: { code: failure.code, message: failure.message } },
        finishedAt: deps.clock.now(),
      });
    await writeRunEnd(deps, change, { run: now, outcome: 'cancelled', failure: undefined });
  });
}

/**
 * Starts a new run with exactly the definition, code, parameters and datasets of one that did not succeed. Steps that had succeeded
 * are reused, so it goes on where that one failed.
 * @throws `pipelines.nothing-to-retry`
 */
export async function retryRun(deps: EndDeps, context: ChangeContext, of: PipelineRun): Promise<PipelineRun> {
  if (of.state !== 'failed' && of.state !== 'cancelled') throw pipelineErrors['nothing-to-retry']({ pipelineRun: of.id, state: of.state });
  const run: PipelineRun = {
    ...of,
    id: deps.ids.next() as PipelineRunId,
    state: 'queued',
    trigger: { kind: 'manual' },
    triggerName: undefined,
    actor: context.actor,
    run: undefined,
    registered: undefined,
    failure: undefined,
    cancelRequested: false,
    fresh: false,
    retryOf: of.id,
    createdAt: deps.clock.now(),
    startedAt: undefined,
    finishedAt: undefined,
  };
  await insertStarted(deps, context, run, { code: undefined, cause: undefined });
  return run;
}
