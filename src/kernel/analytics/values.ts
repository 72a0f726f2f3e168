import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBGeometryValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
  BIGINT,
  BOOLEAN,
  DOUBLE,
  HUGEINT,
  INTEGER,
  LIST,
  SQLNULL,
  VARCHAR,
} from '@duckdb/node-api';
import type { AnalyticsParameter, AnalyticsValue } from './protocol.ts';

/** One DuckDB value as plain data; the rules are those of `AnalyticsValue`. */
export function plainValue(value: DuckDBValue): AnalyticsValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return plainInteger(value);
  if (value instanceof DuckDBDecimalValue) return plainDecimal(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plainValue(entry)]));
  }
  if (value instanceof DuckDBMapValue)
    return value.entries.map((entry) => ({ key: plainValue(entry.key), value: plainValue(entry.value) }));
  if (value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue) return plainValue(value.value);
  if (value instanceof DuckDBBlobValue || value instanceof DuckDBGeometryValue) return Buffer.from(value.bytes).toString('base64');
  return isTimestamp(value) ? plainTimestamp(value) : value.toString();
}

function plainInteger(value: bigint): number | string {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function plainDecimal(value: DuckDBDecimalValue): number | string {
  return typeof plainInteger(value.value) === 'number' ? Number(value.toString()) : value.toString();
}

type Timestamp =
  | DuckDBTimestampValue
  | DuckDBTimestampTZValue
  | DuckDBTimestampSecondsValue
  | DuckDBTimestampMillisecondsValue
  | DuckDBTimestampNanosecondsValue;

function isTimestamp(value: object): value is Timestamp {
  return (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampTZValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue
  );
}

function plainTimestamp(value: Timestamp): string {
  // A TIMESTAMPTZ prints in the zone of the process; its microseconds are UTC.
  const text = (value instanceof DuckDBTimestampTZValue ? new DuckDBTimestampValue(value.micros) : value).toString();
  // `infinity` and years before Christ have no ISO form and stay DuckDB's text.
  return /^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
}

/** A parameter with the DuckDB type that it binds as. */
export function boundParameter(parameter: AnalyticsParameter): { readonly value: DuckDBValue; readonly type: DuckDBType } {
  if (parameter === null) return { value: null, type: SQLNULL };
  if (typeof parameter === 'string') return { value: parameter, type: VARCHAR };
  if (typeof parameter === 'boolean') return { value: parameter, type: BOOLEAN };
  if (typeof parameter === 'bigint') return { value: parameter, type: HUGEINT };
  if (typeof parameter === 'number') return boundNumber(parameter);
  if (isNumbers(parameter)) return { value: new DuckDBListValue(parameter), type: LIST(DOUBLE) };
  return { value: new DuckDBListValue(parameter), type: LIST(VARCHAR) };
}

function boundNumber(value: number): { readonly value: DuckDBValue; readonly type: DuckDBType } {
  if (!Number.isSafeInteger(value)) return { value, type: DOUBLE };
  return Math.abs(value) < 2 ** 31 ? { value, type: INTEGER } : { value: BigInt(value), type: BIGINT };
}

function isNumbers(values: readonly string[] | readonly number[]): values is readonly number[] {
  return typeof values[0] === 'number';
}
