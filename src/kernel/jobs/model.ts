import type { Json } from '../canonical-json.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../database/index.ts';
import type { Branded, Ids } from '../ids.ts';
import type { Log } from '../log.ts';

export type JobId = Branded<'JobId'>;

/** `queued` waits for its time, `running` is leased to a worker, `dead` failed too often and waits for a person. A finished job is gone. */
export type JobState = 'queued' | 'running' | 'dead';

export interface Job {
  readonly id: JobId;
  readonly kind: string;
  readonly key: string | undefined;
  readonly payload: Json;
  readonly state: JobState;
  /** How often it was taken, the present time included. */
  readonly attempts: number;
  readonly priority: number;
  readonly runAt: number;
  readonly createdAt: number;
  readonly lastError: string | undefined;
}

export interface NewJob {
  readonly kind: string;
  /** While a job of this kind and key waits, a second one is not added; while one runs, the second waits for it. */
  readonly key?: string | undefined;
  readonly payload: Json;
  /** Epoch ms; now unless said. */
  readonly runAt?: number | undefined;
  /** Larger goes first; 0 unless said. */
  readonly priority?: number | undefined;
}

export interface JobDefinition {
  /**
   * Does the work; at least once, so it must be idempotent. Throwing means: try again later. The signal fires when the server
   * stops or the lease was lost: end what runs and throw the signal's reason; an attempt ended by a stop is not counted.
   */
  handle(job: Job, signal: AbortSignal): Promise<void>;
  /** Then the job is dead; 10 unless said. */
  readonly maxAttempts?: number;
  /** How long a worker that gives no sign of life keeps the job; 30 s unless said. */
  readonly leaseMs?: number;
  /** Jobs of this kind at once in this process; 4 unless said. */
  readonly concurrency?: number;
  /** First pause before trying again, doubled each time up to `longestBackoffMs`; 1 s and 10 min unless said. */
  readonly backoffMs?: number;
  readonly longestBackoffMs?: number;
}

export interface NewSchedule {
  /** Permanent name; setting it again replaces it. */
  readonly name: string;
  readonly kind: string;
  /** Five or six fields, or @daily and the like. */
  readonly cron: string;
  /** IANA name; UTC unless said. */
  readonly zone?: string | undefined;
  /** The job gets `{ ...payload, scheduledAt }`. */
  readonly payload: { readonly [key: string]: Json };
}

export interface Schedule extends NewSchedule {
  readonly zone: string;
  /** Epoch ms. */
  readonly nextAt: number;
  readonly lastAt: number | undefined;
}

export interface JobFilter {
  readonly kind?: string | undefined;
  readonly key?: string | undefined;
  readonly state?: JobState | undefined;
  readonly limit?: number | undefined;
}

export interface JobsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
  /** How often to look without being woken. */
  readonly pollMs?: number;
  /**
   * On start take every lease at once, because no other server can be alive: true on SQLite, whose home has one server.
   * Otherwise a lease ends by its time.
   */
  readonly takeOver?: boolean;
}

/** Work that survives the process: rows with leases, retries, dead letters and cron schedules. Server clocks should agree within a few seconds. */
export interface Jobs {
  /** Before `start`. */
  define(kind: string, definition: JobDefinition): void;
  /** Within the caller's transaction, or in one of its own. Undefined when a job of this kind and key already waits. */
  enqueue(to: Queryable | Database, job: NewJob): Promise<JobId | undefined>;
  /** Sets a schedule; its next time is kept when cron and zone are unchanged. After a pause of the server one missed run is made up. */
  schedule(to: Queryable | Database, schedule: NewSchedule): Promise<void>;
  unschedule(to: Queryable | Database, name: string): Promise<void>;
  /** All whose name begins with `prefix`. */
  schedules(prefix?: string): Promise<readonly Schedule[]>;
  find(filter?: JobFilter): Promise<readonly Job[]>;
  /** Puts a dead job back. @throws `jobs.not-dead` */
  revive(id: JobId): Promise<void>;
  start(): Promise<void>;
  /** Fires every handler's signal, waits for them and gives the leases back. */
  stop(): Promise<void>;
}
