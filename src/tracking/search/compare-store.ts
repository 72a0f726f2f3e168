import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';

export type Test = RawBuilder<SqlBool>;
export type Value = RawBuilder<unknown>;

export const nothing: Test = sql<SqlBool>`1 = 0`;
export const everything: Test = sql<SqlBool>`1 = 1`;

/** The only operators that reach the database as text; all values are parameters. */
const symbols = { '=': sql`=`, '!=': sql`<>`, '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` } as const;
export type SymbolOperator = keyof typeof symbols;

export function isSymbol(operator: string): operator is SymbolOperator {
  return Object.hasOwn(symbols, operator);
}

/** Columns of text are compared by their UTF-8 bytes on both databases. */
export function compareText(column: Value, operator: SymbolOperator, value: string): Test {
  return sql`${column} ${symbols[operator]} ${value}`;
}

/** NaN, which no row holds, equals nothing and differs from everything. */
export function compareNumber(column: Value, operator: SymbolOperator, value: number): Test {
  if (Number.isNaN(value)) return operator === '!=' ? sql`${column} is not null` : nothing;
  // Without the cast PostgreSQL takes 0.5 for a whole number where the column holds whole numbers.
  return sql`${column} ${symbols[operator]} cast(${value} as double precision)`;
}

/** For a column of whole numbers; the value stays one too, so that PostgreSQL can use an index of the column. */
export function compareWhole(column: Value, operator: SymbolOperator, value: number): Test {
  const there: Test = sql`${column} is not null`;
  if (Number.isNaN(value)) return operator === '!=' ? there : nothing;
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    const holds = operator === '!=' || (value > 0 ? operator.startsWith('<') : operator.startsWith('>'));
    return holds ? there : nothing;
  }
  if (Number.isInteger(value)) return sql`${column} ${symbols[operator]} cast(${value} as bigint)`;
  if (operator === '=') return nothing;
  if (operator === '!=') return there;
  const below = Math.floor(value);
  return operator.startsWith('<') ? sql`${column} <= cast(${below} as bigint)` : sql`${column} > cast(${below} as bigint)`;
}

/** One parameter, however long the list: databases bound how many they take. */
export function isOneOf(column: Value, values: readonly (string | number)[], dialect: DialectName): Test {
  if (values.length === 0) return nothing;
  if (values.length <= 20) return sql`${column} in (${sql.join(values)})`;
  if (dialect === 'sqlite') return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
  // The driver has to be told the type of an array.
  return typeof values[0] === 'number' ? sql`${column} = any(${values}::bigint[])` : sql`${column} = any(${values}::text[])`;
}

/** `like` minds case on both databases, `ilike` does not; `%` and `_` stand for any text and any character. */
export function compareLike(column: Value, operator: 'like' | 'ilike', pattern: string, dialect: DialectName): Test {
  if (dialect === 'postgres')
    return operator === 'like' ? sql`${column} like ${pattern} escape ''` : sql`${column} ilike ${pattern} escape ''`;
  if (operator === 'ilike') return sql`${column} like ${pattern}`;
  // SQLite's like ignores case; its glob does not.
  const glob = pattern.replaceAll(/[*?[]/g, '[$&]').replaceAll('%', '*').replaceAll('_', '?');
  return sql`${column} glob ${glob}`;
}
