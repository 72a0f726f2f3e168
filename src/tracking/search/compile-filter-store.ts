import { sql } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import { trackingErrors } from '../errors.ts';
import {
  compareLike,
  compareNumber,
  compareText,
  compareWhole,
  everything,
  isOneOf,
  nothing,
  type SymbolOperator,
  type Test,
  type Value,
} from './compare-store.ts';
import { type Comparison, fieldText, type Filter, type Literal } from './filter-tree.ts';
import {
  defaultOperators,
  type FactsField,
  findField,
  type FoundField,
  type SearchableFields,
  type ValueType,
} from './searchable-store.ts';

/**
 * A filter as a condition over the rows that `fields` describes; every value is a parameter. A comparison with something that a row lacks
 * does not hold, `!=` included (unless `missingDiffers` says otherwise).
 * @throws `tracking.filter-invalid` for a field, operator or value that does not fit
 */
export function compileFilter(filter: Filter | undefined, fields: SearchableFields, dialect: DialectName): Test {
  return filter === undefined ? everything : compile(filter, { fields, dialect });
}

interface Compiling {
  readonly fields: SearchableFields;
  readonly dialect: DialectName;
}

function compile(filter: Filter, compiling: Compiling): Test {
  if (filter.kind === 'comparison') return compileAlone(filter, compiling);
  // A comparison with a missing column is unknown in SQL; its opposite is to hold.
  if (filter.kind === 'not') return sql`(not coalesce(${compile(filter.of, compiling)}, ${nothing}))`;
  const tests = filter.kind === 'or' ? filter.of.map((part) => compile(part, compiling)) : compileAll(filter.of, compiling);
  return sql`(${sql.join(tests, filter.kind === 'and' ? sql` and ` : sql` or `)})`;
}

function compileAll(parts: readonly Filter[], compiling: Compiling): Test[] {
  const tests: Test[] = [];
  const together = new Map<string, { field: FactsField; tests: Test[] }>();
  for (const part of parts) {
    const field = part.kind === 'comparison' ? fieldOf(part, compiling) : undefined;
    if (part.kind !== 'comparison' || field?.at !== 'facts' || field.together === undefined) {
      tests.push(compile(part, compiling));
      continue;
    }
    const group = together.get(field.together) ?? { field, tests: [] };
    group.tests.push(factTest(part, field, compiling.dialect));
    together.set(field.together, group);
  }
  for (const { field, tests: all } of together.values()) tests.push(existing(field, all));
  return tests;
}

function compileAlone(comparison: Comparison, compiling: Compiling): Test {
  const field = fieldOf(comparison, compiling);
  const refuse = (problem: string) => refusal(comparison, problem);
  if (field.at === 'custom') return field.test(comparison, compiling.dialect, refuse);
  if (field.at === 'column') return test(comparison, columnOf(field.column), { ...field, dialect: compiling.dialect });
  checkOperator(comparison, field);
  const { operator } = comparison;
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') {
    const there = existing(field, [named(field, comparison.key)]);
    return operator === 'IS NULL' ? sql`(not ${there})` : there;
  }
  if (field.missingDiffers === true && operator === '!=')
    return sql`(not ${existing(field, [factTest({ ...comparison, operator: '=' }, field, compiling.dialect)])})`;
  return existing(field, [factTest(comparison, field, compiling.dialect)]);
}

function fieldOf(comparison: Comparison, { fields }: Compiling): FoundField {
  const field = findField(fields, comparison.entity, comparison.key);
  if (typeof field === 'string') throw refusal(comparison, field);
  return field;
}

function refusal(comparison: Comparison, problem: string): Error {
  const example = "name like 'delay%' and tags.team = 'ops'";
  return trackingErrors['filter-invalid']({ filter: fieldText(comparison), position: comparison.position, problem, example });
}

export function columnOf(column: string | Value): Value {
  return typeof column === 'string' ? sql.ref(column) : column;
}

/** The beginning of a test of facts: those of the row and of the name. */
export function named(field: FactsField, key: string): Test {
  const tests = Object.entries(field.on).map(([mine, theirs]): Test => sql`${sql.ref(`f.${mine}`)} = ${sql.ref(theirs)}`);
  if (field.name !== undefined) tests.push(sql`${sql.ref(`f.${field.name}`)} = ${key}`);
  if (field.where !== undefined) tests.push(field.where(key));
  return sql`${sql.join(tests, sql` and `)}`;
}

function existing(field: FactsField, tests: readonly Test[]): Test {
  return sql`exists (select 1 from ${sql.table(field.table)} as f where ${sql.join(tests, sql` and `)})`;
}

function factTest(comparison: Comparison, field: FactsField, dialect: DialectName): Test {
  return sql`${named(field, comparison.key)} and ${test(comparison, sql.ref(`f.${field.value}`), { ...field, dialect, facts: true })}`;
}

interface Side {
  readonly type: ValueType;
  readonly operators?: readonly string[];
  readonly toStored?: (text: string) => string | undefined;
  readonly dialect: DialectName;
  /** A value that is null is NaN, and no missing one. */
  readonly facts?: boolean;
}

function test(comparison: Comparison, column: Value, side: Side): Test {
  checkOperator(comparison, side);
  const { operator } = comparison;
  if (operator === 'IS NULL') return sql`${column} is null`;
  if (operator === 'IS NOT NULL') return sql`${column} is not null`;
  const values = valuesOf(comparison, side);
  const [first, second] = values;
  if (operator === 'IN') return isOneOf(column, values, side.dialect);
  if (operator === 'NOT IN') return sql`(not ${isOneOf(column, values, side.dialect)})`;
  if (operator === 'BETWEEN') return sql`(${compareOne(column, '>=', first, side)} and ${compareOne(column, '<=', second, side)})`;
  if (first === undefined) return operator === '!=' ? sql`${column} is not null` : nothing;
  if (operator === 'LIKE' || operator === 'ILIKE')
    return compareLike(column, operator === 'LIKE' ? 'like' : 'ilike', String(first), side.dialect);
  // SQLite calls its function `regexp` for this operator.
  if (operator === 'RLIKE') return side.dialect === 'postgres' ? sql`${column} ~ ${first}` : sql`${column} regexp ${first}`;
  return compareOne(column, operator, first, side);
}

function compareOne(column: Value, operator: SymbolOperator, value: Literal | undefined, { type, facts }: Side): Test {
  if (typeof value !== 'number') return compareText(column, operator, value ?? '');
  if (facts !== true) return (type === 'whole' ? compareWhole : compareNumber)(column, operator, value);
  if (Number.isNaN(value)) return operator === '=' ? sql`${column} is null` : operator === '!=' ? sql`${column} is not null` : nothing;
  const plain = compareNumber(column, operator, value);
  return operator === '!=' ? sql`(${plain} or ${column} is null)` : plain;
}

function checkOperator(comparison: Comparison, { type, operators }: Pick<Side, 'type' | 'operators'>): void {
  const allowed: readonly string[] = operators ?? defaultOperators[type];
  if (!allowed.includes(comparison.operator))
    throw refusal(
      comparison,
      `Invalid comparator '${comparison.operator}' for "${fieldText(comparison)}", not one of ${allowed.join(', ')}`,
    );
}

const longestPattern = 10_000;

/** The values as they are stored. What cannot be stored drops out of lists, and is undefined alone. */
function valuesOf(comparison: Comparison, { type, toStored }: Side): Literal[] {
  const values = [comparison.value ?? []].flat();
  const wanted = type === 'text' ? 'string' : 'number';
  if (values.some((value) => typeof value !== wanted))
    throw refusal(
      comparison,
      wanted === 'string'
        ? `Expected a quoted string value for "${fieldText(comparison)}" (e.g. 'my-value')`
        : `Expected numeric value type for numeric attribute "${fieldText(comparison)}": a number without quotes`,
    );
  if (comparison.operator.endsWith('LIKE') && values.some((value) => typeof value === 'string' && value.length > longestPattern))
    throw refusal(comparison, `a pattern has at most ${longestPattern} characters`);
  if (toStored === undefined || comparison.operator.endsWith('LIKE')) return values;
  return values.map((value) => toStored(String(value))).filter((value) => value !== undefined);
}
