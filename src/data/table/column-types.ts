import { type Analytics, quoteIdentifier } from '#kernel/analytics/index.ts';
import type { ColumnType } from '../contract/model.ts';
import { columnClass, type Schema, type SchemaColumn } from './schema.ts';

/** DuckDB expressions that read text as a type, and conditions that say whether a text is one. Longer integers would lose digits. */
const readers: Readonly<
  Record<Exclude<ColumnType, 'string'>, { readonly is: (text: string) => string; readonly read: (text: string) => string }>
> = {
  boolean: { is: (text) => `lower(${text}) IN ('true', 'false')`, read: (text) => `CAST(${text} AS BOOLEAN)` },
  integer: { is: (text) => `regexp_full_match(${text}, '[+-]?[0-9]{1,18}')`, read: (text) => `CAST(${text} AS BIGINT)` },
  number: {
    // 1e999 reads as infinity, but does not say so.
    is: (text) => `(regexp_full_match(${text}, '(?i)[+-]?(nan|inf|infinity)')
      OR (regexp_full_match(${text}, '(?i)[+-]?([0-9]{1,18}|[0-9]*[.][0-9]+|[0-9]+[.])(e[+-]?[0-9]+)?') AND isfinite(TRY_CAST(${text} AS DOUBLE))))`,
    read: (text) => `CAST(${text} AS DOUBLE)`,
  },
  date: {
    is: (text) => `(regexp_full_match(${text}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${text} AS DATE) IS NOT NULL)`,
    read: (text) => `CAST(${text} AS DATE)`,
  },
  timestamp: {
    is: (text) => `(regexp_matches(${text}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${text} AS TIMESTAMPTZ) IS NOT NULL)`,
    // Through the zoned type, so that an offset is not dropped; without one the text is UTC.
    read: (text) => `timezone('UTC', CAST(${text} AS TIMESTAMPTZ))`,
  },
};

/** Most particular first: the first that every value is. */
const guesses = ['boolean', 'integer', 'number', 'date', 'timestamp'] as const;

/** What a column is expected to be, from the contract or from the snapshot before. */
export type ExpectedTypes = ReadonlyMap<string, ColumnType>;

/**
 * The select list that gives text columns the type that all their values have: the expected one where they allow it. A column with values
 * that do not fit stays text, for the contract to report.
 */
export async function typedTextColumns(analytics: Analytics, staged: string, schema: Schema, expected: ExpectedTypes): Promise<string> {
  const counts = schema.flatMap(({ name }, index) => {
    const column = quoteIdentifier(name);
    // "007" is a text that happens to have digits only.
    const padded = `count(*) FILTER (WHERE regexp_matches(${column}, '^[+-]?0[0-9]')) AS p${index}`;
    return [
      `count(${column}) AS n${index}`,
      padded,
      ...guesses.map((type) => `count(*) FILTER (WHERE ${readers[type].is(column)}) AS ${type}${index}`),
    ];
  });
  const [figures = {}] = await analytics.query<Record<string, number>>(`SELECT ${counts.join(', ')} FROM ${staged}`);
  const typed = schema.map(({ name }, index) => {
    const column = quoteIdentifier(name);
    const count = figures[`n${index}`] ?? 0;
    const fits = (type: (typeof guesses)[number]): boolean => figures[`${type}${index}`] === count;
    const wanted = expected.get(name);
    if (wanted !== undefined) return wanted !== 'string' && fits(wanted) ? `${readers[wanted].read(column)} AS ${column}` : column;
    const guess = count === 0 || (figures[`p${index}`] ?? 0) > 0 ? undefined : guesses.find(fits);
    return guess === undefined ? column : `${readers[guess].read(column)} AS ${column}`;
  });
  return typed.join(', ');
}

const plainTypes: Readonly<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** The select list for JSON lines, whose values have types: only what loses nothing is changed. */
export async function typedJsonColumns(analytics: Analytics, staged: string, schema: Schema, expected: ExpectedTypes): Promise<string> {
  const counts = schema.map(({ name }, index) => `count(${quoteIdentifier(name)}) AS n${index}`);
  const [figures = {}] = await analytics.query<Record<string, number>>(`SELECT ${counts.join(', ')} FROM ${staged}`);
  return schema.map((column, index) => jsonColumn(column, expected.get(column.name), figures[`n${index}`] === 0)).join(', ');
}

function jsonColumn({ name, type }: SchemaColumn, wanted: ColumnType | undefined, empty: boolean): string {
  const column = quoteIdentifier(name);
  const found = columnClass(type);
  const widens = (wanted === 'number' && found === 'integer') || (wanted === 'timestamp' && found === 'date') || empty;
  if (wanted !== undefined && widens) return `CAST(${column} AS ${plainTypes[wanted]}) AS ${column}`;
  return type === 'JSON' ? `CAST(${column} AS VARCHAR) AS ${column}` : column;
}
