import type { Change } from '#kernel/events/index.ts';
import { pipelineErrors } from '../errors.ts';
import type { PipelineRun, StepRun, StepState } from '../model.ts';
import { type StepPatch, updateStep } from '../step-store.ts';
import { stepTransition } from '../states.ts';
import type { Session } from './session.ts';

/** Writes the end of a step with its event. */
export async function finishStep(session: Session, name: string, patch: StepPatch & { readonly state: StepState }): Promise<void> {
  const before = session.steps.get(name);
  if (before === undefined) return;
  const finishedAt = session.deps.clock.now();
  const after = await session.deps.events.change(session.context, (change) =>
    writeStepEnd(change, session.run, { before, patch, finishedAt }),
  );
  session.steps.set(name, after);
}

export async function writeStepEnd(
  change: Change,
  run: PipelineRun,
  { before, patch, finishedAt }: { before: StepRun; patch: StepPatch & { readonly state: StepState }; finishedAt: number },
): Promise<StepRun> {
  const full = { ...patch, state: stepTransition(before.state, patch.state), finishedAt };
  // Another server that took the run over may have been there first.
  if (!(await updateStep(change, before.id, full, before.state)))
    throw pipelineErrors['step-taken-over']({ step: before.step, pipelineRun: run.id });
  const after: StepRun = { ...before, ...full };
  change.emit({
    type: 'step.run.finished',
    source: 'pipelines',
    subject: `projects/${run.project}/pipeline-runs/${run.id}/steps/${after.step}`,
    data: {
      pipelineRun: run.id,
      step: after.step,
      outcome: after.state,
      attempts: after.attempts,
      durationMs: finishedAt - (after.startedAt ?? finishedAt),
      cpuMs: after.cpuMs,
      peakMemoryBytes: after.peakMemoryBytes,
      cacheKey: after.key,
      cachedFrom: after.cachedFrom,
    },
  });
  return after;
}
