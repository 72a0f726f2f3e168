import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import {
  compileFilter,
  compileOrder,
  type CustomField,
  type FactsField,
  type Filter,
  type Keyset,
  type OrderTerm,
  type Place,
  type SearchableFields,
} from '#tracking/index.ts';
import { type ModelKind, promptTag } from './model.ts';
import type { ModelRow, RegistryTables } from './store.ts';
import { type LightVersionRow, lightColumns } from './version-store.ts';
import type { VersionOfModel } from './version-parts-store.ts';

export interface StoreSearch {
  readonly project: string;
  readonly filter: Filter | undefined;
  /** Undefined: both. */
  readonly kind: ModelKind | undefined;
  readonly order: readonly OrderTerm[];
  readonly after: Place | undefined;
  readonly limit: number;
}

export interface Found<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; undefined when there is none. */
  readonly next: Place | undefined;
}

/** Models and versions that are prompts have the tag; others need not say that they are none. */
const isPrompt: CustomField = {
  type: 'custom',
  test(comparison, _dialect, refuse): RawBuilder<SqlBool> {
    const { operator, value } = comparison;
    if (operator === 'IS NULL' || operator === 'IS NOT NULL') return kindIs(operator === 'IS NOT NULL');
    if ((operator !== '=' && operator !== '!=') || typeof value !== 'string') throw refuse("it is compared with 'true' or 'false'");
    return kindIs((value.toLowerCase() === 'true') === (operator === '='));
  },
};

const kindIs = (prompt: boolean) => sql<SqlBool>`registered_models.kind ${prompt ? sql`=` : sql`<>`} 'prompt'`;

function tagField(facts: Pick<FactsField, 'on' | 'where'>): (key: string) => FactsField | CustomField {
  return (key) => (key === promptTag ? isPrompt : { type: 'text', table: 'model_tags', name: 'name', value: 'value', ...facts });
}

const searchableModels: SearchableFields = {
  row: 'registered_models.number',
  attributes: {
    name: { type: 'text', column: 'registered_models.name' },
    'timestamp last_updated_timestamp last_updated_time updated_at': { type: 'whole', column: 'registered_models.updated_at' },
    'creation_timestamp created_at': { type: 'whole', column: 'registered_models.created_at' },
    description: { type: 'text', column: 'registered_models.description', unordered: true },
  },
  facts: { 'tags tag': tagField({ on: { model: 'registered_models.number' }, where: () => sql<SqlBool>`f.version = 0` }) },
};

const searchableVersions: SearchableFields = {
  // With the name, which ends every order, no two rows have the same.
  row: 'model_versions.version',
  attributes: {
    name: { type: 'text', column: 'registered_models.name' },
    'version_number version': { type: 'whole', column: 'model_versions.version' },
    'run_id run': { type: 'text', column: 'model_versions.run' },
    'source_path source': { type: 'text', column: 'model_versions.source', nullable: true },
    'model_id logged_model': { type: 'text', column: 'model_versions.logged_model', nullable: true },
    'current_stage stage': { type: 'text', column: 'model_versions.stage' },
    state: { type: 'text', column: 'model_versions.state' },
    'creation_timestamp registered_at': { type: 'whole', column: 'model_versions.registered_at' },
    'last_updated_timestamp updated_at': { type: 'whole', column: 'model_versions.updated_at' },
    description: { type: 'text', column: 'model_versions.description', unordered: true },
  },
  facts: { 'tags tag': tagField({ on: { model: 'model_versions.model', version: 'model_versions.version' } }) },
};

export async function searchModels(from: Queryable, search: StoreSearch): Promise<Found<ModelRow>> {
  const order = compileOrder(search.order, searchableModels, from.dialect);
  const { rows } = await sql<ModelRow>`select registered_models.*, ${order.columns} from registered_models
    where registered_models.project = ${search.project} and registered_models.deleted_at is null
      and ${search.kind === undefined ? everything : kindIs(search.kind === 'prompt')} and ${compileFilter(search.filter, searchableModels, from.dialect)}
      and ${order.after(search.after)}
    order by ${order.by} limit ${search.limit + 1}`.execute(from.query<RegistryTables>());
  return pageOf(rows, order, search.limit);
}

export async function searchVersions(from: Queryable, search: StoreSearch): Promise<Found<VersionOfModel>> {
  const order = compileOrder(search.order, searchableVersions, from.dialect);
  const columns = sql.join(lightColumns.map((column) => sql.ref(`model_versions.${column}`)));
  const { rows } = await sql<LightVersionRow & Pick<ModelRow, 'project' | 'name' | 'kind'>>`select ${columns},
      registered_models.project, registered_models.name, registered_models.kind, ${order.columns}
    from model_versions join registered_models on registered_models.number = model_versions.model
    where registered_models.project = ${search.project} and registered_models.deleted_at is null and model_versions.deleted_at is null
      and ${search.kind === undefined ? everything : kindIs(search.kind === 'prompt')} and ${compileFilter(search.filter, searchableVersions, from.dialect)}
      and ${order.after(search.after)}
    order by ${order.by} limit ${search.limit + 1}`.execute(from.query<RegistryTables>());
  const page = pageOf(rows, order, search.limit);
  return { ...page, rows: page.rows.map((row) => ({ model: row, row })) };
}

const everything = sql<SqlBool>`1 = 1`;

function pageOf<Row extends object>(rows: readonly Row[], order: Keyset, limit: number): Found<Row> {
  const last = rows[limit - 1];
  return { rows: rows.slice(0, limit), next: rows.length > limit && last !== undefined ? order.placeOf(last) : undefined };
}

/** The newest version in each stage of each model. */
export async function newestByStage(from: Queryable, models: readonly number[]): Promise<LightVersionRow[]> {
  if (models.length === 0) return [];
  const query = from.query<RegistryTables>();
  const newest = query
    .selectFrom('model_versions')
    .select(({ fn }) => ['model', fn.max('version').as('newest')])
    .where('model', 'in', models)
    .where('deleted_at', 'is', null)
    .groupBy(['model', 'stage'])
    .as('newest');
  return query
    .selectFrom('model_versions')
    .innerJoin(newest, (join) =>
      join.onRef('newest.model', '=', 'model_versions.model').onRef('newest.newest', '=', 'model_versions.version'),
    )
    .select(lightColumns.map((column) => `model_versions.${column}` as const))
    .orderBy('model_versions.model')
    .orderBy('model_versions.version')
    .execute();
}
