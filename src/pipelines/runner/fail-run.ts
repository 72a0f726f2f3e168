import { RipenError } from '#kernel/errors.ts';
import { selectRun } from '../run-store.ts';
import { isRunDone, isStepDone } from '../states.ts';
import { selectSteps } from '../step-store.ts';
import { writeRunEnd } from './finish-run.ts';
import { writeStepEnd } from './finish-step.ts';
import { failureOf, type RunnerDeps } from './session.ts';

/** Trying again would meet the same error: only a person can put it right. */
export function isPermanent(error: unknown): boolean {
  return error instanceof RipenError && error.kind !== 'unavailable' && error.kind !== 'internal' && error.kind !== 'limit';
}

/** Ends a run that cannot be driven at all, for example because its project is gone. */
export async function failRun(deps: Pick<RunnerDeps, 'events' | 'clock' | 'jobs'>, id: string, error: unknown): Promise<void> {
  const found = await selectRun(deps.events.database, id);
  if (found === undefined) return;
  await deps.events.change({ actor: found.actor, project: found.project }, async (change) => {
    const run = await selectRun(change, id);
    if (run === undefined || isRunDone(run.state)) return;
    const failure = failureOf(error);
    for (const before of await selectSteps(change, id)) {
      if (isStepDone(before.state)) continue;
      const patch = before.state === 'queued' ? ({ state: 'skipped' } as const) : ({ state: 'failed', failure } as const);
      await writeStepEnd(change, run, { before, patch, finishedAt: deps.clock.now() });
    }
    await writeRunEnd(deps, change, { run, outcome: 'failed', failure });
  });
}
