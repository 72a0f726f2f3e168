import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { processErrors } from './errors.ts';

export type SupervisionState = 'starting' | 'running' | 'backing-off' | 'stopped';
type SupervisionEvent = 'started' | 'failed' | 'ended' | 'waited' | 'stop';

/** Every state and where each event leads; an event that is not named cannot happen there. */
const transitions: Readonly<Record<SupervisionState, Readonly<Partial<Record<SupervisionEvent, SupervisionState>>>>> = {
  starting: { started: 'running', failed: 'backing-off', stop: 'stopped' },
  running: { ended: 'backing-off', stop: 'stopped' },
  'backing-off': { waited: 'starting', stop: 'stopped' },
  stopped: { stop: 'stopped' },
};

function transition(state: SupervisionState, event: SupervisionEvent): SupervisionState {
  const next = transitions[state][event];
  if (next === undefined) throw new Error(`A supervised service that is ${state} cannot take the event "${event}"`);
  return next;
}

export interface Backoff {
  readonly initialMs: number;
  readonly maximumMs: number;
  /** A service that ran this long counts as healthy: its next failure waits `initialMs` again. */
  readonly healthyAfterMs: number;
}

/** Something that runs until it ends or is stopped: a `Service`, or a wrapper that also waited for it to be ready. */
export interface Supervised {
  readonly exited: Promise<unknown>;
  stop(reason: string): Promise<unknown>;
}

type ExitOf<Child extends Supervised> = Awaited<Child['exited']>;

export interface SupervisionStatus<Child extends Supervised> {
  readonly state: SupervisionState;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Starts after the first one. */
  readonly restarts: number;
  readonly current: Child | undefined;
  readonly lastExit: ExitOf<Child> | undefined;
  /** Why it could not be started, or why its exit is not known. */
  readonly lastError: unknown;
}

export interface Supervision<Child extends Supervised> {
  status(): SupervisionStatus<Child>;
  /** Stops the service and does not start it again. Throws `kernel.supervision-stuck` after 10 s. */
  stop(reason: string): Promise<void>;
}

export interface SuperviseOptions<Child extends Supervised> {
  /** `signal` fires when `stop` is called while it runs. */
  readonly start: (signal: AbortSignal) => Promise<Child> | Child;
  readonly backoff?: Partial<Backoff>;
  readonly clock: Clock;
  readonly onChange?: ((status: SupervisionStatus<Child>) => void) | undefined;
  readonly onExit?: ((exit: ExitOf<Child>) => void) | undefined;
}

const defaultBackoff: Backoff = { initialMs: 500, maximumMs: 60_000, healthyAfterMs: 60_000 };
const stopLimitMs = 10_000;

/** Keeps a service running: starts it again when it ends, each time after a pause that doubles while it does not stay up. */
export function supervise<Child extends Supervised>(options: SuperviseOptions<Child>): Supervision<Child> {
  const { clock } = options;
  const backoff = { ...defaultBackoff, ...options.backoff };
  const stopping = new AbortController();
  let stopReason = '';
  let failures = 0;
  let status: SupervisionStatus<Child> = {
    state: 'starting',
    since: clock.now(),
    restarts: 0,
    current: undefined,
    lastExit: undefined,
    lastError: undefined,
  };
  const change = (event: SupervisionEvent, more: Partial<SupervisionStatus<Child>> = {}): void => {
    status = { ...status, ...more, state: transition(status.state, event), since: clock.now() };
    options.onChange?.(status);
  };

  const runOnce = async (): Promise<void> => {
    try {
      const current = await options.start(stopping.signal);
      if (stopping.signal.aborted) await current.stop(stopReason);
      else change('started', { current, lastError: undefined });
      // The awaited type of a member of a generic is not resolved by the compiler.
      const lastExit = (await current.exited) as ExitOf<Child>;
      options.onExit?.(lastExit);
      status = { ...status, lastExit };
    } catch (lastError) {
      status = { ...status, lastError };
    }
  };

  const keepRunning = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await runOnce();
      if (stopping.signal.aborted) break;
      const wasRunning = status.state === 'running';
      if (wasRunning && clock.now() - status.since >= backoff.healthyAfterMs) failures = 0;
      const waitMs = Math.min(backoff.initialMs * 2 ** failures, backoff.maximumMs);
      failures += 1;
      change(wasRunning ? 'ended' : 'failed', { current: undefined });
      // The only error is the abort by `stop`, which the loop sees.
      await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) change('waited', { restarts: status.restarts + 1 });
    }
  };
  const finished = keepRunning();

  return {
    status: () => status,
    stop: async (reason) => {
      stopReason = reason;
      stopping.abort();
      await withLimit(Promise.all([status.current?.stop(reason), finished]));
      if (status.state !== 'stopped') change('stop', { current: undefined });
    },
  };
}

async function withLimit(work: Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  const late = pause(stopLimitMs, true, { signal: limit.signal }).catch(() => false);
  try {
    if ((await Promise.race([work, late])) === true) throw processErrors['supervision-stuck']({ afterMs: stopLimitMs });
  } finally {
    limit.abort();
  }
}
