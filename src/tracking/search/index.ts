/** The kit for lists that can be searched and ordered: `SearchableFields` says how it is used. */
export { compileFilter } from './compile-filter-store.ts';
export { compileOrder } from './compile-order-store.ts';
export { comparisonsOf } from './filter-tree.ts';
export type { Keyset } from './keyset-store.ts';
export { cutPage } from './page.ts';
export { type Place, readPlace, writePlace } from './place.ts';
export type { ColumnField, CustomField, FactsField, SearchableFields } from './searchable-store.ts';
