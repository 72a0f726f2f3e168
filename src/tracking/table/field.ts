import { trackingErrors } from '../errors.ts';
import { parseOrder, type RunOrder } from '../search/order.ts';

/** The one field that a text names: `metrics.auc`, `params."learning rate"`, `startedAt`. @throws `tracking.order-invalid` */
export function fieldNamed(text: string): RunOrder['field'] {
  const [order, more] = parseOrder(text);
  if (order === undefined || more !== undefined)
    throw trackingErrors['order-invalid']({ order: text.slice(0, 300), problem: 'it does not name one field' });
  return order.field;
}
