import { trackingErrors } from '../errors.ts';
import type { Field } from './filter.ts';
import { fieldOf } from './parse-field.ts';

export interface RunOrder {
  readonly field: Exclude<Field, { kind: 'dataset' }>;
  readonly descending: boolean;
}

const longestOrder = 1000;

export const newestFirst: RunOrder = { field: { kind: 'attribute', name: 'startedAt' }, descending: true };

/**
 * Reads `metrics.auc desc`, `params."learning rate"`, `startedAt`. Ascending unless said.
 * @throws `tracking.order-invalid`
 */
export function parseOrder(order: string): RunOrder {
  const text = order.trim();
  if (text.length > longestOrder)
    throw trackingErrors['order-invalid']({ order: text.slice(0, 300), problem: `it is longer than ${longestOrder} characters` });
  const direction = /\s(asc|desc)$/i.exec(text)?.[1] ?? '';
  const body = text.slice(0, text.length - direction.length).trimEnd();
  const dot = body.indexOf('.');
  const rest = body.slice(dot + 1);
  const name = /^(["`]).*\1$/s.test(rest) && rest.length > 1 ? rest.slice(1, -1) : rest;
  const field = dot < 0 ? fieldOf(undefined, body) : fieldOf(body.slice(0, dot), name);
  if (typeof field === 'string') throw trackingErrors['order-invalid']({ order: order.slice(0, 300), problem: field });
  if (field.kind === 'dataset')
    throw trackingErrors['order-invalid']({
      order: order.slice(0, 300),
      problem: 'runs have several datasets and cannot be ordered by them',
    });
  return { field, descending: direction.toLowerCase() === 'desc' };
}
