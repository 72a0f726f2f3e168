import type { RawBuilder, SqlBool } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import type { Comparison, FilterOperator } from './filter-tree.ts';

/**
 * What a list of things can be searched and ordered by, said once and used by `compileFilter` and `compileOrder`:
 *
 * ```ts
 * const searchableModels: SearchableFields = {
 *   row: 'models.number',
 *   attributes: {
 *     name: { type: 'text', column: 'models.name' },
 *     creation_time: { type: 'whole', column: 'models.created_at' },
 *     finished: { type: 'whole', column: 'models.finished_at', nullable: true },
 *     status: { type: 'text', column: 'models.state', toStored: (text) => text.toLowerCase() },
 *   },
 *   facts: {
 *     'tags tag': { type: 'text', table: 'model_tags', on: { model: 'models.number' }, name: 'name', value: 'value' },
 *     'metrics metric': { type: 'number', table: 'model_metrics', on: { model: 'models.number' }, name: 'name', value: 'value' },
 *   },
 * };
 *
 * const filter = parseFilter("name like 'a%' and tags.team = 'delay'");
 * const order = compileOrder([...orderBy.map(parseOrderBy), { entity: undefined, key: 'name', ascending: true }], searchableModels, dialect);
 * const binding = JSON.stringify([project, filter, orderBy]);
 * sql`select models.*, ${order.columns} from models where project = ${project} and ${compileFilter(filter, searchableModels, dialect)}
 *   and ${order.after(readPlace(pageToken, binding))} order by ${order.by} limit ${limit + 1}`
 * const next = rows.length > limit ? writePlace(order.placeOf(rows[limit - 1]), binding) : undefined;
 * ```
 */
export interface SearchableFields {
  /** The column that numbers the rows: no two rows have the same. It breaks the last ties of an order. */
  readonly row: string;
  /** By name. Reached as `name` and behind each of `attributePrefixes`. A member may name several spellings: `creation_time created`. */
  readonly attributes: Readonly<Record<string, ColumnField | CustomField>>;
  /** Default `attribute`, `attributes`, `attr`. */
  readonly attributePrefixes?: readonly string[];
  /** What stands in tables of name and value, by prefix; a member may name several: `tags tag`. */
  readonly facts?: Readonly<Record<string, FactsField | ((key: string) => FactsField | CustomField | undefined)>>;
}

/** `whole` is for integer columns, `number` for double precision. */
export type ValueType = 'text' | 'whole' | 'number';

interface Typed {
  readonly type: ValueType;
  /** Default: what the type allows (`defaultOperators`). */
  readonly operators?: readonly FilterOperator[];
  /** A text of the filter as it is stored; undefined when no row can have it. */
  readonly toStored?: (text: string) => string | undefined;
}

export interface ColumnField extends Typed {
  /** `table.column`, or an expression. */
  readonly column: string | RawBuilder<unknown>;
  /** Rows may lack it; they come last in every order. */
  readonly nullable?: boolean;
  /** Cannot be ordered by. */
  readonly unordered?: boolean;
}

export interface FactsField extends Typed {
  readonly table: string;
  /** Columns of the table and what they equal in the row: `{ model: 'models.number' }`. */
  readonly on: Readonly<Record<string, string>>;
  /** The column that holds the name, compared with the key; left out where the table has one value for a row, or `where` says it. */
  readonly name?: string;
  /** The column that holds the value. A row of facts whose value is null is NaN. */
  readonly value: string;
  /** What else must hold of the fact; its table is called `f`. */
  readonly where?: (key: string) => RawBuilder<SqlBool>;
  /** `!=` also fits rows without such a fact. */
  readonly missingDiffers?: boolean;
  /** All comparisons of one AND that say the same word here must fit one and the same row of the table. */
  readonly together?: string;
}

/** A field whose test is no plain comparison. It checks operator and value itself (`refuse` makes the error). */
export interface CustomField {
  readonly type: 'custom';
  readonly test: (comparison: Comparison, dialect: DialectName, refuse: (problem: string) => Error) => RawBuilder<SqlBool>;
}

const symbols = ['=', '!=', '<', '<=', '>', '>='] as const;

export const defaultOperators: Readonly<Record<ValueType, readonly FilterOperator[]>> = {
  text: ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  whole: [...symbols, 'BETWEEN', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  number: [...symbols, 'BETWEEN', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
};

export type FoundField =
  | ({ readonly at: 'column' } & ColumnField)
  | ({ readonly at: 'facts' } & FactsField)
  | ({ readonly at: 'custom' } & CustomField);

/** The field that a filter or an order names; a text when there is none, saying why. */
export function findField(fields: SearchableFields, entity: string | undefined, key: string): FoundField | string {
  const prefixes = fields.attributePrefixes ?? ['attribute', 'attributes', 'attr'];
  if (entity === undefined || prefixes.includes(entity.toLowerCase())) {
    const field = spelled(fields.attributes, key);
    if (field === undefined) return `"${key.slice(0, 50)}" is no attribute; known are ${namesOf(fields.attributes).join(', ')}`;
    return field.type === 'custom' ? { at: 'custom', ...field } : { at: 'column', ...field };
  }
  const facts = spelled(fields.facts ?? {}, entity.toLowerCase());
  const field = typeof facts === 'function' ? facts(key) : facts;
  if (facts === undefined)
    return `"${entity.slice(0, 50)}" is none of ${[...namesOf(fields.facts ?? {}), ...prefixes.slice(0, 1)].join(', ')}`;
  if (field === undefined) return `"${entity}" has no field "${key.slice(0, 50)}"`;
  return field.type === 'custom' ? { at: 'custom', ...field } : { at: 'facts', ...field };
}

function spelled<Field>(fields: Readonly<Record<string, Field>>, name: string): Field | undefined {
  return Object.entries(fields).find(([spellings]) => spellings.split(' ').includes(name))?.[1];
}

/** The first spelling of each. */
function namesOf(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(fields).map((spellings) => spellings.split(' ', 1)[0] ?? spellings);
}
