import type { RunState } from '../../model.ts';
import type { FilterOperator, Literal } from '../../search/filter-tree.ts';
import { statusOf } from '../run-message.ts';

/** The states whose MLflow names stand the test; there are few enough to try each. */
export function statesThatFit(operator: FilterOperator, values: readonly Literal[]): RunState[] {
  // Object.keys loses that the keys are the states.
  const states = Object.keys(statusOf) as RunState[];
  return states.filter((state) => fits(statusOf[state], operator, values.map(String)));
}

function fits(status: string, operator: FilterOperator, values: readonly string[]): boolean {
  const [value = ''] = values;
  if (operator === 'LIKE' || operator === 'ILIKE') return like(status, value, operator === 'ILIKE');
  const equal = values.includes(status);
  return operator === '=' || operator === 'IN' ? equal : !equal;
}

function like(text: string, pattern: string, anyCase: boolean): boolean {
  // One % after another means the same as one, and would make the expression slow.
  const source = RegExp.escape(pattern)
    .replaceAll(/(?:%|\\x25)+/g, '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, anyCase ? 'is' : 's').test(text);
}
