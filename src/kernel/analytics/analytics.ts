import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RipenError } from '../errors.ts';
import { analyticsErrors } from './errors.ts';
import { PendingQuery, type QueryOptions, type Rows } from './pending-query.ts';
import type { AnalyticsParameter, AnalyticsValue } from './protocol.ts';
import { WorkerProcess } from './worker-process.ts';

export interface AnalyticsLog {
  warn(details: object, message: string): void;
}

export interface AnalyticsOptions {
  /** A directory for temporary files that nothing else uses; it is emptied at the first query. */
  readonly directory: string;
  /** Memory that DuckDB may use before it spills to disk; 512 MiB unless told. */
  readonly memoryLimitBytes?: number;
  readonly threads?: number;
  /** The process ends after this long without a query; 30 s unless told. */
  readonly idleMs?: number;
  readonly log: AnalyticsLog;
}

/**
 * DuckDB in a process of its own, started by the first query. Each query has its own connection to one shared in-memory database that nobody
 * should leave tables in: use TEMP tables (they end with the query), and Parquet files for what must last.
 */
export interface Analytics {
  /** Rows of the last statement. `Row` is the caller's word for the columns it selects; values are those of `AnalyticsValue`. */
  query<Row extends object = Record<string, AnalyticsValue>>(
    sql: string,
    parameters?: readonly AnalyticsParameter[],
    options?: QueryOptions,
  ): Promise<Row[]>;
  /** Statements whose result nobody reads, such as COPY … TO. */
  run(sql: string, parameters?: readonly AnalyticsParameter[], options?: QueryOptions): Promise<void>;
  /** Ends the process; queries in flight fail with `kernel.analytics-cancelled`. */
  close(): Promise<void>;
}

export function createAnalytics(options: AnalyticsOptions): Analytics {
  const pool = new AnalyticsPool(options);
  return {
    // The caller wrote both the SQL and Row; only it can know that they agree.
    query: async <Row extends object>(sql: string, parameters: readonly AnalyticsParameter[] = [], queryOptions: QueryOptions = {}) =>
      (await pool.submit(sql, parameters, queryOptions)) as Row[],
    run: async (sql, parameters = [], queryOptions = {}) => {
      await pool.submit(sql, parameters, queryOptions);
    },
    close: () => pool.close(),
  };
}

const parallelQueries = 3;

/** The queue before the process, and when the process starts and ends. */
class AnalyticsPool {
  readonly #options: AnalyticsOptions;
  readonly #waiting: PendingQuery[] = [];
  readonly #ending = new Set<Promise<void>>();
  #worker: WorkerProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor(options: AnalyticsOptions) {
    this.#options = options;
  }

  submit(sql: string, parameters: readonly AnalyticsParameter[], options: QueryOptions): Promise<Rows> {
    if (this.#closed) return Promise.reject(analyticsErrors['analytics-cancelled']({ reason: 'analytics is closed' }));
    if (options.signal?.aborted === true) {
      return Promise.reject(analyticsErrors['analytics-cancelled']({ reason: 'the caller no longer needs it' }, options.signal.reason));
    }
    const query = new PendingQuery({ id: ++this.#lastId, sql, parameters, options, onStop: (error) => this.#stop(query, error) });
    this.#waiting.push(query);
    this.#next();
    return query.rows;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const query of this.#waiting.splice(0)) query.fail(analyticsErrors['analytics-cancelled']({ reason: 'analytics is closing' }));
    this.#worker?.failAll(analyticsErrors['analytics-cancelled']({ reason: 'analytics is closing' }));
    this.#endWorker();
    await Promise.all(this.#ending);
  }

  #next(): void {
    clearTimeout(this.#idle);
    while ((this.#worker?.busy ?? 0) < parallelQueries) {
      const query = this.#waiting.shift();
      if (query === undefined) break;
      this.#worker ??= this.#startWorker();
      this.#worker.start(query);
    }
    if (this.#worker?.busy === 0) this.#idle = setTimeout(() => this.#endWorker(), this.#options.idleMs ?? 30_000).unref();
  }

  #startWorker(): WorkerProcess {
    const { directory } = this.#options;
    // Only spill files live here; those of a server that was killed go now.
    if (this.#ending.size === 0) rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const settings = {
      memoryLimitBytes: this.#options.memoryLimitBytes ?? 512 * 1024 * 1024,
      threads: this.#options.threads ?? 2,
      spillDirectory: join(directory, randomBytes(6).toString('hex')),
    };
    const worker = new WorkerProcess({ settings, onRoom: () => this.#next(), onEnd: (reason) => this.#ended(worker, reason) });
    return worker;
  }

  #ended(worker: WorkerProcess, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#options.log.warn({ reason }, 'the analytics process ended by itself');
    this.#next();
  }

  #stop(query: PendingQuery, error: RipenError): void {
    const place = this.#waiting.indexOf(query);
    if (place >= 0) this.#waiting.splice(place, 1);
    else this.#worker?.interrupt(query);
    query.fail(error);
  }

  #endWorker(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    const ending = worker.end().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
