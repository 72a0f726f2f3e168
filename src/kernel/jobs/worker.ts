import { backoff } from './backoff.ts';
import { jobErrors } from './errors.ts';
import { buryLeased, claimJobs, deleteLeased, dueKinds, endedLeases, extendLease, type Lease, requeueLeased } from './job-store.ts';
import type { Job, JobDefinition, JobsOptions } from './model.ts';

interface Running {
  readonly kind: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const defaults = { maxAttempts: 10, leaseMs: 30_000, concurrency: 4, backoffMs: 1000, longestBackoffMs: 600_000 };

/** Takes due jobs and runs their handlers, each under a lease that is kept alive while the handler runs. */
export class Worker {
  readonly #options: JobsOptions;
  readonly #name: string;
  readonly #definitions: ReadonlyMap<string, JobDefinition>;
  readonly #onFree: () => void;
  readonly #running = new Map<string, Running>();

  constructor(options: JobsOptions, definitions: ReadonlyMap<string, JobDefinition>, onFree: () => void) {
    this.#options = options;
    this.#name = options.ids.next();
    this.#definitions = definitions;
    this.#onFree = onFree;
  }

  /** Takes what is due and there is room for. */
  async takeDue(): Promise<void> {
    const { database, clock } = this.#options;
    const free = [...this.#definitions.keys()].filter((kind) => this.#room(kind) > 0);
    for (const kind of await dueKinds(database, free, clock.now())) {
      const leaseMs = this.#settings(kind).leaseMs;
      const want = { kind, worker: this.#name, now: clock.now(), leaseMs, limit: this.#room(kind) };
      const jobs = await database.transaction((tx) => claimJobs(tx, want));
      for (const job of jobs) this.#run(job);
    }
  }

  /** Puts back what a dead worker held: by the time of its lease, or all of it. */
  async recover(all: boolean): Promise<void> {
    const { database, clock, log } = this.#options;
    for (const { lease, ...job } of await endedLeases(database, [...this.#definitions.keys()], all ? undefined : clock.now())) {
      // Ours, only late: the process stood still for longer than the lease. Its next heartbeat extends it.
      if (this.#running.has(job.id)) continue;
      log.warn({ job: job.id, kind: job.kind, attempts: job.attempts }, 'the worker of a job is gone; it is taken again');
      await this.#giveBack(job, lease, 'The process that worked on it ended without a word.');
    }
  }

  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop, kind } of running) stop.abort(jobErrors.stopping({ kind }));
    await Promise.all(running.map(({ done }) => done));
  }

  #room(kind: string): number {
    const count = [...this.#running.values()].filter((running) => running.kind === kind).length;
    return this.#settings(kind).concurrency - count;
  }

  #settings(kind: string): JobDefinition & typeof defaults {
    const definition = this.#definitions.get(kind);
    if (definition === undefined) throw new Error(`No definition of job kind ${kind}`);
    return { ...defaults, ...definition };
  }

  #run(job: Job): void {
    const stop = new AbortController();
    const lease: Lease = { id: job.id, worker: this.#name, attempts: job.attempts };
    const done = this.#handle(job, lease, stop)
      .catch((error: unknown) => this.#options.log.error({ err: error, job: job.id, kind: job.kind }, 'the outcome of a job was not kept'))
      .finally(() => {
        this.#running.delete(job.id);
        this.#onFree();
      });
    this.#running.set(job.id, { kind: job.kind, stop, done });
  }

  async #handle(job: Job, lease: Lease, stop: AbortController): Promise<void> {
    const { database, clock } = this.#options;
    const { leaseMs } = this.#settings(job.kind);
    const heartbeat = setInterval(() => {
      const extended = database.transaction((tx) => extendLease(tx, lease, clock.now() + leaseMs));
      extended.then(
        (ours) => !ours && stop.abort(jobErrors['lease-lost']({ kind: job.kind, id: job.id })),
        (error: unknown) => this.#options.log.warn({ err: error, job: job.id }, 'the lease of a job could not be extended'),
      );
    }, leaseMs / 3);
    try {
      await this.#settings(job.kind).handle(job, stop.signal);
    } catch (error) {
      return await this.#failed(job, lease, { error, stopped: stop.signal.aborted });
    } finally {
      clearInterval(heartbeat);
    }
    await database.transaction((tx) => deleteLeased(tx, lease));
  }

  async #failed(job: Job, lease: Lease, { error, stopped }: { error: unknown; stopped: boolean }): Promise<void> {
    const { database, log } = this.#options;
    if (stopped) {
      await database.transaction((tx) => requeueLeased(tx, job, { lease, runAt: job.runAt, attempts: job.attempts - 1 }));
      return;
    }
    log.warn({ err: error, job: job.id, kind: job.kind, attempts: job.attempts }, 'a job failed');
    await this.#giveBack(job, lease, error instanceof Error ? error.message : String(error));
  }

  async #giveBack(job: Job, lease: Lease, lastError: string): Promise<void> {
    const { database, clock, log, random = Math.random } = this.#options;
    const { maxAttempts, backoffMs, longestBackoffMs } = this.#settings(job.kind);
    if (job.attempts >= maxAttempts) {
      log.error({ job: job.id, kind: job.kind, attempts: job.attempts, lastError }, 'a job failed too often and is given up');
      await database.transaction((tx) => buryLeased(tx, lease, lastError));
      return;
    }
    const runAt = clock.now() + backoff(job.attempts, { first: backoffMs, longest: longestBackoffMs }, random);
    await database.transaction((tx) => requeueLeased(tx, job, { lease, runAt, attempts: job.attempts, lastError }));
  }
}
