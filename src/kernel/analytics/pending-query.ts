import type { RipenError } from '../errors.ts';
import { analyticsErrors } from './errors.ts';
import type { AnalyticsParameter, AnalyticsValue, Reply, Request } from './protocol.ts';

export interface QueryOptions {
  /** Counted from the call, waiting included; 2 minutes unless told. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** More rows than this fail with `kernel.analytics-result-too-large`; 100,000 unless told. The rows are held in memory. */
  readonly maxRows?: number | undefined;
}

export type Rows = Record<string, AnalyticsValue>[];

interface PendingQueryInit {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly AnalyticsParameter[];
  readonly options: QueryOptions;
  /** Called once when the query must not go on: the timeout passed or the caller aborted. `error` is what it shall fail with. */
  readonly onStop: (error: RipenError) => void;
}

const defaultTimeoutMs = 120_000;
const defaultMaxRows = 100_000;

/** A query between its call and its result: gathers rows, and fails by timeout or abort. Settles once; later calls do nothing. */
export class PendingQuery {
  readonly id: number;
  readonly request: Extract<Request, { kind: 'query' }>;
  readonly rows: Promise<Rows>;
  readonly #settlers: PromiseWithResolvers<Rows> = Promise.withResolvers();
  readonly #gathered: Rows = [];
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #abort: () => void;
  readonly #maxRows: number;
  #names: readonly string[] = [];

  constructor({ id, sql, parameters, options, onStop }: PendingQueryInit) {
    this.id = id;
    this.#maxRows = options.maxRows ?? defaultMaxRows;
    this.request = { kind: 'query', id, sql, parameters, maxRows: this.#maxRows };
    this.rows = this.#settlers.promise;
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#timer = setTimeout(() => onStop(analyticsErrors['analytics-timeout']({ timeoutMs })), timeoutMs);
    this.#signal = options.signal;
    this.#abort = () => onStop(analyticsErrors['analytics-cancelled']({ reason: 'the caller no longer needs it' }, this.#signal?.reason));
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
  }

  add(reply: Extract<Reply, { kind: 'names' | 'batch' }>): void {
    if (reply.kind === 'names') {
      this.#names = reply.names;
      return;
    }
    const count = reply.columns[0]?.length ?? 0;
    for (let row = 0; row < count; row++) {
      // Object.fromEntries, because a column may be called __proto__.
      this.#gathered.push(Object.fromEntries(this.#names.map((name, column) => [name, reply.columns[column]?.[row] ?? null])));
    }
  }

  settle(reply: Extract<Reply, { kind: 'done' | 'too-large' | 'failed' }>): void {
    if (reply.kind === 'failed') this.fail(queryError(reply.message));
    else if (reply.kind === 'too-large') this.fail(analyticsErrors['analytics-result-too-large']({ maxRows: this.#maxRows }));
    else {
      this.#release();
      this.#settlers.resolve(this.#gathered);
    }
  }

  fail(error: RipenError): void {
    this.#release();
    this.#settlers.reject(error);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
  }
}

/** DuckDB's messages begin with their type: `Binder Error: …`. */
function queryError(message: string): RipenError {
  const [, type = 'Error', reason = message] = /^([A-Z][\w -]{2,40}) Error: ([\s\S]*)$/.exec(message) ?? [];
  if (type === 'Out of Memory') return analyticsErrors['analytics-out-of-memory']({ reason });
  return analyticsErrors['analytics-query-failed']({ type, reason });
}
