import { trackingErrors } from '../errors.ts';
import { readFilter } from './filter-grammar.ts';
import type { Comparison, Filter, Literal } from './filter-tree.ts';
import { type ComparisonOperator, type Condition, type Field, type FilterValue, numericAttributes, timeAttributes } from './filter.ts';
import { fieldOf } from './parse-field.ts';

const longestFilter = 10_000;

/**
 * Reads `metrics.auc > 0.6 and not (params.epochs in (1, 2) or tags."my tag" like 'a%')`. Words are case-insensitive, fields
 * are not. An empty filter fits every run.
 * @throws `tracking.filter-invalid` with the position of the first thing that is not understood
 */
export function parseFilter(text: string): Condition | undefined {
  const filter = parseFilterTree(text);
  return filter === undefined ? undefined : conditionOf(filter, problemIn(text));
}

/** The same language as it was written, for lists whose fields are described (`SearchableFields`). @throws `tracking.filter-invalid` */
export function parseFilterTree(text: string): Filter | undefined {
  return readFilter(text, { longest: longestFilter, truthWords: true, problem: problemIn(text) });
}

function problemIn(text: string): Problem {
  return (position, problem) => trackingErrors['filter-invalid']({ filter: text.slice(0, 1000), position, problem });
}

type Problem = (position: number, what: string) => Error;

function conditionOf(filter: Filter, problem: Problem): Condition {
  if (filter.kind === 'not') return { kind: 'not', of: conditionOf(filter.of, problem) };
  if (filter.kind !== 'comparison') return { kind: filter.kind, of: filter.of.map((part) => conditionOf(part, problem)) };
  const field = fieldOf(filter.entity, filter.key);
  if (typeof field === 'string') throw problem(filter.position, field);
  return testOf(filter, field, problem);
}

/** The comparison with a field that is known, its values checked by the caller. */
function testOf(comparison: Comparison, field: Field, problem: Problem): Condition {
  const { operator, position } = comparison;
  const valueOf = (value: Literal): FilterValue => {
    const checked = checkValue(field, value);
    if (typeof checked === 'object') throw problem(position, checked.problem);
    return checked;
  };
  const values = [comparison.value ?? []].flat().map(valueOf);
  const compare = (by: ComparisonOperator, value: FilterValue = ''): Condition => ({ kind: 'compare', field, operator: by, value });
  switch (operator) {
    case 'IS NULL':
    case 'IS NOT NULL':
      return { kind: 'missing', field, negated: operator === 'IS NOT NULL' };
    case 'IN':
    case 'NOT IN':
      return { kind: 'in', field, values, negated: operator === 'NOT IN' };
    case 'BETWEEN':
      return { kind: 'and', of: [compare('>=', values[0]), compare('<=', values[1])] };
    case 'LIKE':
    case 'ILIKE':
      return compare(operator === 'LIKE' ? 'like' : 'ilike', values[0]);
    case 'RLIKE':
      throw problem(position, 'runs are not searched by regular expressions; use like or ilike');
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      break;
  }
  return compare(operator, values[0]);
}

function checkValue(field: Field, value: Literal): FilterValue | { readonly problem: string } {
  if (field.kind === 'attribute' && timeAttributes.has(field.name)) {
    const time = typeof value === 'number' ? value : Date.parse(value);
    return Number.isNaN(time) ? { problem: "a time was expected: milliseconds since 1970 or a date such as '2026-01-31'" } : time;
  }
  const numeric =
    field.kind === 'metric' ||
    (field.kind === 'attribute' && numericAttributes.has(field.name)) ||
    (field.kind === 'dataset' && field.name === 'snapshot');
  if (numeric && typeof value !== 'number') return { problem: `${field.name} is compared with a number, without quotes` };
  return value;
}
