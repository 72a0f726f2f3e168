import { quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import { columnClass, type ColumnClass, type SchemaColumn } from '../table/schema.ts';
import type { Bound, ColumnContract, ColumnType } from './model.ts';

/**
 * SQL conditions that are true for a row that breaks a rule. A null breaks no rule but `nulls`; NaN breaks every range. Column names and
 * every value from the contract pass through the quoting functions.
 */

const accepted: Readonly<Record<ColumnType, readonly ColumnClass[]>> = {
  integer: ['integer'],
  number: ['integer', 'number'],
  string: ['string'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp', 'date'],
};

export function hasType(column: SchemaColumn, type: ColumnType): boolean {
  return accepted[type].includes(columnClass(column.type));
}

const duckdbTypes: Readonly<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** The column as a value of its contract's type; a value that cannot be read so is null, which the type rule reports. */
export function valueOf(column: SchemaColumn, type: ColumnType | undefined): string {
  const name = quoteIdentifier(column.name);
  return type === undefined || hasType(column, type) ? name : `TRY_CAST(CAST(${name} AS VARCHAR) AS ${duckdbTypes[type]})`;
}

export function notOfType(column: SchemaColumn, type: ColumnType): string {
  const name = quoteIdentifier(column.name);
  const text = `CAST(${name} AS VARCHAR)`;
  if (type === 'integer' && columnClass(column.type) === 'number') return `${name} <> trunc(${name})`;
  // A cast would round 1.5 to 2.
  if (type === 'integer') return `NOT regexp_full_match(${text}, '[+-]?[0-9]{1,18}')`;
  if (type === 'boolean') return `lower(${text}) NOT IN ('true', 'false')`;
  return `${name} IS NOT NULL AND TRY_CAST(${text} AS ${duckdbTypes[type]}) IS NULL`;
}

export function outsideBound(column: SchemaColumn, rule: ColumnContract, side: 'minimum' | 'maximum'): string {
  const bound = rule[side] ?? 0;
  const value = valueOf(column, rule.type);
  const floating = /^(DOUBLE|FLOAT)$/.test(column.type) || (rule.type === 'number' && !hasType(column, 'number'));
  const outside = side === 'minimum' ? `${value} < ${boundLiteral(bound)}` : aboveMaximum(value, bound);
  return floating ? `(isnan(${value}) OR ${outside})` : outside;
}

function aboveMaximum(value: string, bound: Bound): string {
  // A maximum that is a day includes the whole day.
  if (typeof bound === 'string' && bound.length === 10) return `${value} >= ${boundLiteral(bound)} + INTERVAL 1 DAY`;
  return `${value} > ${boundLiteral(bound)}`;
}

function boundLiteral(bound: Bound): string {
  return typeof bound === 'number' ? quoteLiteral(bound) : `CAST(${quoteLiteral(bound.replace(/Z$/, ''))} AS TIMESTAMP)`;
}

export function notMatching(column: SchemaColumn, pattern: string): string {
  return `NOT regexp_full_match(CAST(${quoteIdentifier(column.name)} AS VARCHAR), ${quoteLiteral(pattern)})`;
}

export function notAmong(column: SchemaColumn, values: readonly (string | number | boolean)[]): string {
  const numeric = ['integer', 'number'].includes(columnClass(column.type)) && values.every((value) => typeof value === 'number');
  const name = quoteIdentifier(column.name);
  if (numeric) return `${name} NOT IN (${values.map(quoteLiteral).join(', ')})`;
  return `CAST(${name} AS VARCHAR) NOT IN (${values.map((value) => quoteLiteral(String(value))).join(', ')})`;
}

/** `relation` holds the values that exist, in its column `target`. */
export function notReferenced(column: SchemaColumn, relation: string, target: SchemaColumn): string {
  const sameClass = columnClass(column.type) === columnClass(target.type);
  const cast = (name: string): string => (sameClass ? quoteIdentifier(name) : `CAST(${quoteIdentifier(name)} AS VARCHAR)`);
  return `${cast(column.name)} NOT IN (SELECT ${cast(target.name)} FROM ${relation} WHERE ${quoteIdentifier(target.name)} IS NOT NULL)`;
}

/** Rows that share a value with another row of the file. */
export function repeatedWithin(column: SchemaColumn, relation: string): string {
  const name = quoteIdentifier(column.name);
  return `${name} IN (SELECT ${name} FROM ${relation} WHERE ${name} IS NOT NULL GROUP BY ${name} HAVING count(*) > 1)`;
}

export function alreadyIn(column: SchemaColumn, relation: string): string {
  const name = quoteIdentifier(column.name);
  return `${name} IN (SELECT ${name} FROM ${relation} WHERE ${name} IS NOT NULL)`;
}
