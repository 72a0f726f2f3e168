import { type Analytics, quoteIdentifier, quoteList, quoteLiteral } from '#kernel/analytics/index.ts';
import { columnClass, type SchemaColumn } from './schema.ts';

/** The shares of the quantiles of a profile. */
export const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
const keptValues = 20;
const keptCharacters = 200;
const timeoutMs = 10 * 60_000;

/** One value of a scan's single row. */
export type Figure = number | string | null | readonly (number | string)[] | readonly { readonly key: number; readonly value: number }[];

export interface Subject {
  readonly column: SchemaColumn;
  readonly kind: 'numeric' | 'moment' | 'category' | 'other';
  /** As a DOUBLE (numeric, moments in epoch ms) or a short text (category). */
  readonly value: string;
  /** Rows that have a finite value. */
  readonly finite: string;
}

export function subjectOf(column: SchemaColumn): Subject {
  const name = quoteIdentifier(column.name);
  const found = columnClass(column.type);
  const present = `${name} IS NOT NULL`;
  if (found === 'integer' || found === 'number') {
    const floating = column.type === 'DOUBLE' || column.type === 'FLOAT';
    return { column, kind: 'numeric', value: `CAST(${name} AS DOUBLE)`, finite: floating ? `isfinite(${name})` : present };
  }
  if (found === 'date' || found === 'timestamp') {
    return { column, kind: 'moment', value: `CAST(epoch_ms(CAST(${name} AS TIMESTAMP)) AS DOUBLE)`, finite: `isfinite(${name})` };
  }
  const text = `left(CAST(${name} AS VARCHAR), ${keptCharacters})`;
  return { column, kind: found === 'other' ? 'other' : 'category', value: text, finite: present };
}

/** Reads a figure by its name and the place of its column. */
export type Read = (name: string, index: number) => Figure;

export async function scan<Column>(
  analytics: Analytics,
  relation: string,
  columns: readonly Column[],
  expressions: (column: Column) => Readonly<Record<string, string>>,
): Promise<Read> {
  const list = columns.flatMap((column, index) => Object.entries(expressions(column)).map(([name, sql]) => `${sql} AS ${name}${index}`));
  const sql = `SELECT ${['count(*) AS rows0', ...list].join(', ')} FROM ${relation}`;
  const [row = {}] = await analytics.query<Record<string, Figure>>(sql, [], { timeoutMs });
  return (name, index) => row[`${name}${index}`] ?? null;
}

export function firstScan({ column, kind, value, finite }: Subject): Record<string, string> {
  const name = quoteIdentifier(column.name);
  const where = `FILTER (WHERE ${finite})`;
  const always = { count: `count(${name})`, finite: `count(*) ${where}` };
  if (kind === 'other') return { ...always, distinct: `approx_count_distinct(CAST(${name} AS VARCHAR))` };
  const range = { ...always, distinct: `approx_count_distinct(${name})` };
  if (kind === 'category') {
    const length = `length(CAST(${name} AS VARCHAR))`;
    const lengths = { shortest: `min(${length})`, longest: `max(${length})`, average: `avg(${length})` };
    return { ...range, min: `min(${value})`, max: `max(${value})`, ...lengths, top: `approx_top_k(${value}, ${keptValues})` };
  }
  const quantiles = {
    min: `min(${name}) ${where}`,
    max: `max(${name}) ${where}`,
    quantiles: `approx_quantile(${value}, [${shares.join(', ')}]) ${where}`,
  };
  if (kind === 'moment') return { ...range, ...quantiles, low: `min(${value}) ${where}`, high: `max(${value}) ${where}` };
  // The square of a larger magnitude has no room in a double, and DuckDB would fail the whole scan.
  const deviation = `stddev_samp(${value}) FILTER (WHERE ${finite} AND abs(${value}) < 1e150)`;
  return {
    ...range,
    ...quantiles,
    low: `min(${value}) ${where}`,
    high: `max(${value}) ${where}`,
    mean: `avg(${value}) ${where}`,
    deviation,
  };
}

/** What is to be counted of a column: bins between edges, or values. */
export interface Counted {
  readonly subject: Subject;
  readonly edges: readonly number[] | undefined;
  readonly values: readonly string[];
}

/** DuckDB's bins hold their upper edge; on negated values they hold the lower one, as the histogram of `kernel/statistics` does. */
export function secondScan({ subject, edges, values }: Counted): Record<string, string> {
  const { value, finite } = subject;
  if (edges !== undefined) {
    const negated = edges.toReversed().map((edge) => 0 - edge);
    const where = `FILTER (WHERE ${finite})`;
    return {
      bins: `histogram(0 - ${value}, ${quoteList(negated)}::DOUBLE[]) ${where}`,
      last: `count(*) FILTER (WHERE ${value} = ${quoteLiteral(edges.at(-1) ?? 0)})`,
    };
  }
  return Object.fromEntries(values.map((known, index) => [`v${index}_`, `count(*) FILTER (WHERE ${value} = ${quoteLiteral(known)})`]));
}
