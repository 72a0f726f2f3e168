/** What the control plane and the analytics process say to each other over IPC (structured clone, so bigint and NaN survive). */

/** A bound parameter. An array becomes a DuckDB list; integers bind as INTEGER or BIGINT, other numbers as DOUBLE. */
export type AnalyticsParameter = string | number | bigint | boolean | null | readonly string[] | readonly number[];

/**
 * A value of a result. Integers and decimals are numbers when a double holds them without loss of integer digits, else strings.
 * DATE is `2001-01-31`; every timestamp is ISO 8601 in UTC (a timestamp without zone is taken as UTC); TIME and INTERVAL are
 * DuckDB's text; BLOB is base64; MAP is a list of {key, value}. NaN and infinities stay numbers. SQL NULL is null.
 */
export type AnalyticsValue = string | number | boolean | null | readonly AnalyticsValue[] | { readonly [key: string]: AnalyticsValue };

export interface WorkerSettings {
  readonly memoryLimitBytes: number;
  readonly threads: number;
  /** Where DuckDB spills; belongs to this one process. */
  readonly spillDirectory: string;
}

export type Request =
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly sql: string;
      readonly parameters: readonly AnalyticsParameter[];
      readonly maxRows: number;
    }
  | { readonly kind: 'cancel'; readonly id: number };

export type Reply =
  | { readonly kind: 'names'; readonly id: number; readonly names: readonly string[] }
  | { readonly kind: 'batch'; readonly id: number; readonly columns: readonly (readonly AnalyticsValue[])[] }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'too-large'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
