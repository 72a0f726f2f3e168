import type { OrderTerm } from '../../search/filter-tree.ts';
import { readOrder } from '../../search/order-grammar.ts';
import { MlflowError } from '../protocol/mlflow-error.ts';

const longestTerm = 1000;

/**
 * Reads one item of an `order_by` list: `metrics.auc DESC`, `` params.`learning rate` ``, `start_time ASC`. Ascending unless said.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function parseOrderBy(term: string): OrderTerm {
  const invalid = (what: string) =>
    new MlflowError('INVALID_PARAMETER_VALUE', `Invalid order_by clause '${term.slice(0, 200)}'. Could not be parsed: ${what}.`);
  if (term.length > longestTerm) throw invalid(`it is longer than ${longestTerm} characters`);
  const [first, second] = readOrder(term, (_position, what) => invalid(what));
  if (first === undefined || second !== undefined) throw invalid('one key was expected');
  return first;
}

/** Reads a whole `order_by` list. @throws MlflowError INVALID_PARAMETER_VALUE also when a key stands twice */
export function parseOrderByList(terms: readonly string[]): OrderTerm[] {
  const parsed = terms.map(parseOrderBy);
  const keys = new Set(parsed.map(({ entity, key }) => JSON.stringify([entity, key])));
  if (keys.size < parsed.length)
    throw new MlflowError('INVALID_PARAMETER_VALUE', '`order_by` contains duplicate fields: '.concat(JSON.stringify(terms).slice(0, 300)));
  return parsed;
}
