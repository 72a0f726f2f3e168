import type { ComparisonOperator, Condition, Field } from '../../search/filter.ts';
import { type Comparison, fieldText, type Filter, type FilterOperator, type Literal } from '../../search/filter-tree.ts';
import { parseFilter } from './parse-filter.ts';
import { invalid, type RunField, runField } from './run-fields.ts';
import { statesThatFit } from './run-status.ts';

/**
 * The filter of `runs/search` as a condition of Ripen's own search. A run without the metric, param or tag fits no comparison with it,
 * `!=` included.
 * @throws MlflowError INVALID_PARAMETER_VALUE for what MLflow refuses too: an unknown field, an operator or a value that does not fit it
 */
export function runCondition(filter: string): Condition | undefined {
  const parsed = parseFilter(filter);
  return parsed === undefined ? undefined : conditionOf(parsed);
}

function conditionOf(filter: Filter): Condition {
  if (filter.kind === 'not') return { kind: 'not', of: conditionOf(filter.of) };
  if (filter.kind !== 'comparison') return { kind: filter.kind, of: filter.of.map(conditionOf) };
  const field = runField(filter.entity, filter.key);
  checkOperator(filter, field);
  const values = valuesOf(filter, field);
  if (field.kind === 'status')
    return { kind: 'in', field: { kind: 'attribute', name: 'state' }, values: statesThatFit(filter.operator, values), negated: false };
  return field.kind === 'address' ? addressTest(filter, values) : fieldTest(filter, field, values);
}

const numeric: readonly FilterOperator[] = ['>', '>=', '!=', '=', '<', '<=', 'BETWEEN'];
const texts: readonly FilterOperator[] = ['!=', '=', 'LIKE', 'ILIKE'];

function operatorsOf(field: RunField): readonly FilterOperator[] {
  if (isNumeric(field)) return numeric;
  if (field.kind === 'parameter' || field.kind === 'tag') return [...texts, 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'];
  return field.kind === 'address' ? texts : [...texts, 'IN', 'NOT IN'];
}

function isTag({ entity = '' }: Comparison): boolean {
  return entity.toLowerCase() === 'tags' || entity.toLowerCase() === 'tag';
}

function isNumeric(field: RunField): boolean {
  return field.kind === 'metric' || (field.kind === 'attribute' && (field.name === 'startedAt' || field.name === 'finishedAt'));
}

function checkOperator(comparison: Comparison, field: RunField): void {
  const { operator } = comparison;
  const allowed = isTag(comparison) ? operatorsOf({ kind: 'tag', name: comparison.key }) : operatorsOf(field);
  if (allowed.includes(operator)) return;
  if (operator === 'IS NULL' || operator === 'IS NOT NULL')
    throw invalid(`IS NULL / IS NOT NULL is only supported for tags and params, not for '${fieldText(comparison)}'`);
  throw invalid(`Invalid comparator '${operator}' for '${fieldText(comparison)}' not one of ${allowed.join(', ')}`);
}

function valuesOf(comparison: Comparison, field: RunField): readonly Literal[] {
  const values = [comparison.value ?? []].flat();
  const wanted = isNumeric(field) ? 'number' : 'string';
  const wrong = values.find((value) => typeof value !== wanted);
  if (wrong === undefined) return values;
  if (wanted === 'string')
    throw invalid(`Expected a quoted string value for ${fieldText(comparison)} (e.g. 'my-value'). Got value ${wrong}`);
  const what = field.kind === 'metric' ? 'metric' : `numeric attribute: ${comparison.key}`;
  throw invalid(`Expected numeric value type for ${what}. Found '${String(wrong).slice(0, 100)}'`);
}

function addressTest({ operator }: Comparison, [value]: readonly Literal[]): Condition {
  if (operator === '=' || operator === '!=') return { kind: 'address', operator, value: String(value) };
  return { kind: 'address', operator: operator === 'LIKE' ? 'like' : 'ilike', value: String(value) };
}

const sameOperators: Readonly<Partial<Record<FilterOperator, ComparisonOperator>>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  LIKE: 'like',
  ILIKE: 'ilike',
};

function fieldTest({ operator }: Comparison, field: Field, values: readonly Literal[]): Condition {
  const compare = (by: ComparisonOperator, value: Literal = ''): Condition => ({ kind: 'compare', field, operator: by, value });
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return { kind: 'missing', field, negated: operator === 'IS NOT NULL' };
  if (operator === 'IN' || operator === 'NOT IN') return { kind: 'in', field, values, negated: operator === 'NOT IN' };
  if (operator === 'BETWEEN') return { kind: 'and', of: [compare('>=', values[0]), compare('<=', values[1])] };
  return compare(sameOperators[operator] ?? '=', values[0]);
}
