import { trackingErrors } from '../errors.ts';
import type { OrderTerm } from '../search/filter-tree.ts';
import { readOrder } from '../search/order-grammar.ts';

/** An order such as `duration desc, name`. @throws `tracking.order-invalid` */
export function parseOrderTerms(text: string): OrderTerm[] {
  return readOrder(text, (_position, problem) => trackingErrors['order-invalid']({ order: text.slice(0, 200), problem }));
}
