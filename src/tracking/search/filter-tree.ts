/** A filter as it was written, before anybody says which fields there are. Every search language of Ripen reads to this. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | Comparison;

export type FilterOperator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'LIKE'
  | 'ILIKE'
  | 'RLIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL'
  | 'BETWEEN';

export type Literal = string | number;

export interface Comparison {
  readonly kind: 'comparison';
  /** The text before the first dot as written, `tags` in `tags."my key"`; undefined for a bare name. */
  readonly entity: string | undefined;
  /** What follows the first dot, or the bare name; without quotes. */
  readonly key: string;
  readonly operator: FilterOperator;
  /** A list for IN, NOT IN and BETWEEN (two), nothing for IS NULL and IS NOT NULL. Texts were quoted, numbers were not. */
  readonly value: Literal | readonly Literal[] | undefined;
  /** Where it begins in the filter, in UTF-16 code units from 0. */
  readonly position: number;
}

/** One key of an order, as it was written. */
export interface OrderTerm {
  readonly entity: string | undefined;
  readonly key: string;
  readonly ascending: boolean;
}

/** All comparisons of a filter, in the order in which they were written. */
export function comparisonsOf(filter: Filter): Comparison[] {
  if (filter.kind === 'comparison') return [filter];
  return filter.kind === 'not' ? comparisonsOf(filter.of) : filter.of.flatMap(comparisonsOf);
}

/** As the filter's text would name it: `tags.my key`. */
export function fieldText({ entity, key }: Pick<Comparison, 'entity' | 'key'>): string {
  return entity === undefined ? key : `${entity}.${key}`;
}
