import type { DesiredRevision } from '#serving/index.ts';
import type { ModelClient } from './model-client.ts';
import type { Replica } from './replica.ts';

/** The replicas of one revision on this machine. */
export interface RevisionRunner {
  readonly desired: DesiredRevision;
  readonly replicas: readonly Replica[];
  /** The ready replica with the least to do. */
  pick(): ModelClient | undefined;
  /** A replica as soon as one is ready, for at most `milliseconds`; undefined at once when too many wait already. */
  pickSoon(milliseconds: number): Promise<ModelClient | undefined>;
  /** Something about the replicas has changed. */
  changed(): void;
  scale(count: number): void;
  /** Lets what is under way finish, then ends the replicas. */
  drain(limitMs: number): Promise<void>;
}

/** Each that waits holds its request in memory. */
const mostWaiting = 500;

export function createRevisionRunner(desired: DesiredRevision, start: (replica: number) => Replica): RevisionRunner {
  let replicas: readonly Replica[] = [];
  const waiting = new Set<() => void>();

  const pick = (): ModelClient | undefined => {
    let best: ModelClient | undefined;
    for (const replica of replicas) {
      const client = replica.client();
      if (client !== undefined && (best === undefined || client.inFlight < best.inFlight)) best = client;
    }
    return best;
  };
  return {
    desired,
    get replicas() {
      return replicas;
    },
    pick,
    async pickSoon(milliseconds) {
      const until = performance.now() + milliseconds;
      for (;;) {
        const client = pick();
        const left = until - performance.now();
        if (client !== undefined || left <= 0 || waiting.size >= mostWaiting) return client;
        await nextChange(waiting, left);
      }
    },
    changed() {
      for (const wake of waiting) wake();
    },
    scale(count) {
      const leaving = replicas.slice(count);
      const missing = Math.max(0, count - replicas.length);
      replicas = [...replicas.slice(0, count), ...Array.from({ length: missing }, (_, index) => start(replicas.length + index))];
      for (const replica of leaving) void replica.stop();
    },
    async drain(limitMs) {
      const until = performance.now() + limitMs;
      const busy = (): boolean => replicas.some((replica) => (replica.client()?.inFlight ?? 0) > 0);
      while (busy() && performance.now() < until) await nextChange(waiting, 20);
      await Promise.all(replicas.map((replica) => replica.stop()));
      replicas = [];
    },
  };
}

function nextChange(waiting: Set<() => void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      waiting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    waiting.add(wake);
  });
}
