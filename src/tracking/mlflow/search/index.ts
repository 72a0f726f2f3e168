export type { Comparison, Filter, OrderTerm } from '../../search/filter-tree.ts';
export { parseFilter } from './parse-filter.ts';
export { parseOrderBy, parseOrderByList } from './parse-order-by.ts';
export { runCondition } from './run-condition.ts';
export { runOrders } from './run-orders.ts';
