export type { Comparison, Filter, FilterOperator, OrderTerm } from '../../search/filter-tree.ts';
export { invalidFilter, parseFilter } from './parse-filter.ts';
export { parseOrderBy, parseOrderByList } from './parse-order-by.ts';
export { runCondition } from './run-condition.ts';
export { runOrders } from './run-orders.ts';
