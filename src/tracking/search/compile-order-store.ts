import { sql } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import { trackingErrors } from '../errors.ts';
import { columnOf, named } from './compile-filter-store.ts';
import { fieldText, type OrderTerm } from './filter-tree.ts';
import { type Keyset, keysetOf, type SortKey } from './keyset-store.ts';
import { type FactsField, findField, type SearchableFields } from './searchable-store.ts';

/**
 * An order over the rows that `fields` describes, by as many terms as there are, then by the row's number. Rows that lack a key come
 * last in both directions; before them those whose fact is NaN. A term that stands twice counts once.
 * @throws `tracking.order-invalid` for a field that does not exist or has no order
 */
export function compileOrder(terms: readonly OrderTerm[], fields: SearchableFields, dialect: DialectName): Keyset {
  const keys = new Map<string, SortKey>();
  for (const term of terms) {
    const name = fieldText(term);
    if (!keys.has(name)) keys.set(name, sortKeyOf(term, fields));
  }
  return keysetOf([...keys.values(), { expression: sql.ref(fields.row), type: 'whole', descending: false }], dialect);
}

function sortKeyOf(term: OrderTerm, fields: SearchableFields): SortKey {
  const refuse = (problem: string) => trackingErrors['order-invalid']({ order: fieldText(term).slice(0, 300), problem });
  const field = findField(fields, term.entity, term.key);
  if (typeof field === 'string') throw refuse(field);
  if (field.at === 'custom' || (field.at === 'column' && field.unordered === true)) throw refuse('it has no order');
  const { type } = field;
  const descending = !term.ascending;
  if (field.at === 'facts') return { ...factKey(field, term.key), type, descending };
  const expression = columnOf(field.column);
  if (field.nullable !== true) return { expression, type, descending };
  return { expression, type, descending, rank: sql`(case when ${expression} is null then 1 else 0 end)` };
}

function factKey(field: FactsField, key: string): Pick<SortKey, 'expression' | 'rank'> {
  const from = sql`from ${sql.table(field.table)} as f where ${named(field, key)}`;
  const value = sql.ref(`f.${field.value}`);
  return {
    expression: sql`(select ${value} ${from})`,
    rank: sql`coalesce((select case when ${value} is null then 1 else 0 end ${from}), 2)`,
  };
}
