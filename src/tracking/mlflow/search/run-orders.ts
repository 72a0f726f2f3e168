import type { RunOrder } from '../../search/order.ts';
import { parseOrderByList } from './parse-order-by.ts';
import { invalid, runField } from './run-fields.ts';

/**
 * The `order_by` of `runs/search`. What is level in all its terms is ordered as MLflow does: newest first, then by id. Params are ordered
 * as text.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function runOrders(orderBy: readonly string[]): RunOrder[] {
  const orders = parseOrderByList(orderBy).map(({ entity, key, ascending }): RunOrder => {
    const field = runField(entity, key);
    const descending = !ascending;
    if (field.kind === 'dataset' || field.kind === 'address')
      throw invalid(`Invalid order_by entity '${entity ?? key}': runs are not ordered by it`);
    if (field.kind === 'status') return { field: { kind: 'attribute', name: 'state' }, descending };
    return { field, descending, ...(field.kind === 'parameter' ? { asText: true } : {}) };
  });
  const named = new Set(orders.map(({ field }) => `${field.kind} ${field.name}`));
  if (named.size < orders.length) throw invalid('`order_by` contains duplicate fields');
  const last: RunOrder[] = [
    { field: { kind: 'attribute', name: 'startedAt' }, descending: true },
    { field: { kind: 'attribute', name: 'id' }, descending: false },
  ];
  return [...orders, ...last.filter(({ field }) => !named.has(`${field.kind} ${field.name}`))];
}
