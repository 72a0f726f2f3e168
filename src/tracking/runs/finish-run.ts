import type { Clock } from '#kernel/clock.ts';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { actionOfOutcome, type Run, type RunOutcome, type RunState, type RunUse, transition } from '../model.ts';
import { countFacts, type RunReference, updateRun } from './run-store.ts';
import { changeRun, type RunAddress } from './runs.ts';
import { runSubject, source, type Workshop } from '../service.ts';

export interface FinishRun extends RunUse {
  readonly outcome: RunOutcome;
  /** Epoch ms; default now. */
  readonly finishedAt?: number | undefined;
}

/** Ends a run; emits `run.finished`. The same outcome again changes nothing. @throws `tracking.run-state`, `tracking.run-deleted` */
export async function finishRun(workshop: Workshop, context: ChangeContext, address: RunAddress, end: FinishRun): Promise<Run> {
  return changeRun(workshop, context, address, async (change, run) => {
    if (run.state !== end.outcome) await endRun(change, run, { end, clock: workshop.clock });
  });
}

/** The end of a run, as part of a change. @throws `tracking.run-state` */
export async function endRun(
  change: Change,
  run: RunReference,
  { end, clock }: { readonly end: FinishRun; readonly clock: Clock },
): Promise<RunReference> {
  const state = transition(run.id, run.state as RunState, actionOfOutcome[end.outcome]);
  const finishedAt = end.finishedAt ?? clock.now();
  // A clock that was set back must not make a run end before it began.
  const durationMs = Math.max(0, finishedAt - run.started_at);
  const { cpuMs, peakMemoryBytes } = end;
  await updateRun(change, run.number, {
    state,
    finished_at: run.started_at + durationMs,
    ...(cpuMs === undefined ? {} : { cpu_ms: cpuMs }),
    ...(peakMemoryBytes === undefined ? {} : { peak_memory_bytes: Math.round(peakMemoryBytes) }),
  });
  const counts = await countFacts(change, run.number);
  const data = { run: run.id, outcome: end.outcome, ...counts, durationMs, cpuMs, peakMemoryBytes };
  change.emit({ type: 'run.finished', source, subject: runSubject(run), data });
  return { ...run, state };
}

/** Sets an ended run running again; emits `run.reopened`. A running run stays as it is. */
export async function reopenRun(workshop: Workshop, context: ChangeContext, address: RunAddress): Promise<Run> {
  return changeRun(workshop, context, address, async (change, run) => {
    if (run.state === 'running') return;
    const state = transition(run.id, run.state as RunState, 'reopen');
    await updateRun(change, run.number, { state, finished_at: null });
    change.emit({ type: 'run.reopened', source, subject: runSubject(run), data: { run: run.id, from: run.state } });
  });
}
