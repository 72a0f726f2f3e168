import { trackingErrors } from '../errors.ts';
import type { OrderTerm } from './filter-tree.ts';
import type { Field } from './filter.ts';
import { readOrder } from './order-grammar.ts';
import { fieldOf } from './parse-field.ts';

export interface RunOrder {
  readonly field: Exclude<Field, { kind: 'dataset' }>;
  readonly descending: boolean;
  /** Parameters that say numbers are ordered among the texts all the same; else numbers by value come before texts. */
  readonly asText?: boolean;
}

const longestOrder = 1000;

export const newestFirst: RunOrder = { field: { kind: 'attribute', name: 'startedAt' }, descending: true };

/**
 * Reads `metrics.auc desc, params."learning rate", startedAt`. Ascending unless said.
 * @throws `tracking.order-invalid` also when a key stands twice
 */
export function parseOrder(text: string): RunOrder[] {
  const problem = problemIn(text);
  const orders = parseOrderTerms(text).map(({ entity, key, ascending }) => {
    const field = fieldOf(entity, key);
    if (typeof field === 'string') throw problem(field);
    if (field.kind === 'dataset') throw problem('runs have several datasets and cannot be ordered by them');
    return { field, descending: !ascending };
  });
  const keys = new Set(orders.map(({ field }) => `${field.kind} ${field.name}`));
  if (keys.size < orders.length) throw problem('a key stands twice');
  return orders;
}

/** The same language as it was written, for lists whose fields are described (`SearchableFields`). @throws `tracking.order-invalid` */
export function parseOrderTerms(text: string): OrderTerm[] {
  const problem = problemIn(text);
  if (text.length > longestOrder) throw problem(`it is longer than ${longestOrder} characters`);
  return readOrder(text, (_position, what) => problem(what));
}

function problemIn(text: string): (problem: string) => Error {
  return (problem) => trackingErrors['order-invalid']({ order: text.slice(0, 300), problem });
}
