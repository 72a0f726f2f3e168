import { setTimeout as sleep } from 'node:timers/promises';
import { asRipenError } from '#kernel/errors.ts';
import type { Job } from '#kernel/jobs/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { advance, type Move } from './advance.ts';
import { deliveryErrors } from './errors.ts';
import type { Release, ReleaseId } from './model.ts';
import { releaseSteps, type StepDeps } from './release-steps.ts';
import { busyStates, isOutcome } from './states.ts';
import { findRelease, recordAttempt, releaseAhead, unfinishedReleases } from './store.ts';

export interface DriverDeps extends StepDeps {
  readonly kernel: StepDeps['kernel'] & Pick<Kernel, 'jobs' | 'log'>;
}

const kind = 'delivery.release';
/** A job looks for this long and then makes room for others. */
const patienceMs = 20_000;
const quickestPollMs = 50;
const slowestPollMs = 1000;
const longestPauseMs = 15_000;
/** Tries of one state that may fail before the release does. */
const mostAttempts = 8;

export type ReleaseDriver = ReturnType<typeof createReleaseDriver>;

/** Takes each release from state to state, in a job that survives the server. */
export function createReleaseDriver(deps: DriverDeps) {
  const { kernel } = deps;
  const { database } = kernel.events;
  const working = new Map<ReleaseId, AbortController>();

  const wake = (release: ReleaseId, delayMs = 0) =>
    kernel.jobs.enqueue(database, { kind, key: release, payload: { release }, runAt: kernel.clock.now() + delayMs });

  async function handle(job: Job, stopping: AbortSignal): Promise<void> {
    // Only `wake` makes these jobs.
    const { release: id } = job.payload as { readonly release: ReleaseId };
    const cancelled = new AbortController();
    working.set(id, cancelled);
    try {
      const pauseMs = await drive(id, AbortSignal.any([stopping, cancelled.signal]));
      if (pauseMs !== undefined) await wake(id, pauseMs);
    } catch (error) {
      // Its state is over, or production has to hear of the cancellation.
      if (!cancelled.signal.aborted || stopping.aborted) throw error;
      await wake(id);
    } finally {
      working.delete(id);
    }
  }

  /** Until the release ends, rests or is over its time; gives the pause in ms after which to come back. */
  async function drive(id: ReleaseId, signal: AbortSignal): Promise<number | undefined> {
    const began = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const release = await findRelease(database, undefined, id);
      if (release === undefined || isOutcome(release.state)) return undefined;
      const result = await step(release, signal);
      if (result === 'rest') return undefined;
      if (typeof result === 'number') return result;
      if (result !== 'wait') continue;
      const pauseMs = pauseIn(release);
      // Who waits for another release has nothing to watch closely.
      if (release.state === 'created' || performance.now() - began > patienceMs) return pauseMs;
      await sleep(pauseMs, undefined, { signal });
    }
  }

  /** The longer a state lasts, the less often it is looked at. */
  const pauseIn = ({ stateAt }: Release): number => Math.min(slowestPollMs, Math.max(quickestPollMs, (kernel.clock.now() - stateAt) / 20));

  async function step(release: Release, signal: AbortSignal): Promise<'moved' | 'wait' | 'rest' | number> {
    try {
      const result = (await releaseSteps[release.state]?.(deps, release, signal)) ?? 'rest';
      if (result === 'wait' || result === 'rest') return result;
      return (await move(release, result)) ? 'moved' : 'wait';
    } catch (error) {
      if (signal.aborted) throw error;
      return await failed(release, error);
    }
  }

  // A move that takes the turn of the deployment is refused while another release has it.
  const move = (release: Release, to: Move): Promise<boolean> =>
    advance(kernel, release, {
      ...to,
      guard: async (change) =>
        busyStates.includes(release.state) || !busyStates.includes(to.to) || (await releaseAhead(change, release)) === undefined,
    });

  async function failed(release: Release, thrown: unknown): Promise<'moved' | number> {
    const error = asRipenError(thrown);
    const attempts = release.attempts + 1;
    kernel.log.warn({ err: thrown, release: release.id, state: release.state, attempts }, 'a step of a release failed');
    const hopeless = error.kind === 'input' || error.kind === 'not-allowed' || error.kind === 'not-found';
    if (hopeless || attempts >= mostAttempts) {
      const { code, message, hint } = error;
      await move(release, { to: 'failed', note: message, patch: { failure: { code, message, hint } } });
      return 'moved';
    }
    await database.transaction((tx) => recordAttempt(tx, release, attempts));
    return Math.min(longestPauseMs, 200 * 2 ** attempts);
  }

  return {
    wake,

    /** Ends what is being done for it, if this server does it. */
    interrupt(release: ReleaseId): void {
      working.get(release)?.abort(deliveryErrors['cancelled-while-working']({ release }));
    },

    /** Before the jobs start. A killed server counts as an attempt, so there is no limit here; failures are counted with the release. */
    define(): void {
      kernel.jobs.define(kind, { handle, concurrency: 8, maxAttempts: 1_000_000, backoffMs: 200, longestBackoffMs: 5000 });
    },

    /** Takes up every release that a killed server left. */
    async resume(): Promise<void> {
      for (const { id } of await unfinishedReleases(database)) await wake(id);
    },
  };
}
