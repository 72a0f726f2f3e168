import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { compileFilter, compileOrder, comparisonsOf, type Place, type SearchableFields } from '../search/index.ts';
import type { Filter, OrderTerm } from '../search/filter-tree.ts';
import type { LabelledModelRow } from './model-store.ts';

/** A dataset on which metrics were measured. */
export interface DatasetChoice {
  readonly name: string;
  readonly digest?: string | undefined;
}

export interface ModelOrderTerm extends OrderTerm {
  /** Of a metric: only as measured on this dataset. */
  readonly dataset?: DatasetChoice | undefined;
}

export interface ModelQuery {
  readonly project: string;
  /** Numbers of rows of `experiments`; undefined for all. */
  readonly experiments: readonly number[] | undefined;
  readonly deleted: boolean;
  readonly filter: Filter | undefined;
  /** What metrics in the filter have to be measured on; without such metrics the models must have any on these. */
  readonly datasets: readonly DatasetChoice[];
  readonly order: readonly ModelOrderTerm[];
  readonly after: Place | undefined;
  readonly limit: number;
}

const states: Readonly<Record<string, string>> = { PENDING: 'pending', READY: 'ready', UPLOAD_FAILED: 'upload-failed' };

/** States as they are stored, as MLflow calls them, and with its longer prefix. */
function storedState(text: string): string {
  return states[text.toUpperCase().replace(/^LOGGED_MODEL_/, '')] ?? text.toLowerCase();
}

const isMetric = (entity: string | undefined): boolean => /^metrics?$/i.test(entity ?? '');

function onDatasets(datasets: readonly DatasetChoice[]) {
  if (datasets.length === 0) return sql<boolean>`1 = 1`;
  const tests = datasets.map(({ name, digest }) =>
    digest === undefined
      ? sql<boolean>`f.dataset_name = ${name}`
      : sql<boolean>`(f.dataset_name = ${name} and f.dataset_digest = ${digest})`,
  );
  return sql<boolean>`(${sql.join(tests, sql` or `)})`;
}

/** Asked once, not for every row: nothing in it is of the row. */
const named = (project: string, key: string) =>
  sql<boolean>`f.metric = (select n.number from run_names as n where n.project = ${project} and n.kind = 'metric' and n.name = ${key})`;

function fieldsOf(query: ModelQuery): { fields: SearchableFields; order: OrderTerm[] } {
  const attributes: Record<string, SearchableFields['attributes'][string]> = {
    name: { type: 'text', column: 'logged_models.name' },
    'model_id id': { type: 'text', column: 'logged_models.id' },
    'model_type modelType': { type: 'text', column: 'logged_models.model_type', nullable: true },
    'status state': { type: 'text', column: 'logged_models.state', toStored: storedState },
    'source_run_id sourceRun': { type: 'text', column: 'logged_models.source_run', nullable: true },
    'creation_timestamp creation_time creation_timestamp_ms createdAt': { type: 'whole', column: 'logged_models.created_at' },
    'last_updated_timestamp last_updated_time last_updated_timestamp_ms updatedAt': { type: 'whole', column: 'logged_models.updated_at' },
  };
  // A model may have a metric on several datasets; the order goes by the newest of those that are meant.
  const order = query.order.map((term, index): OrderTerm => {
    if (!isMetric(term.entity)) return term;
    const key = `metric:${index}`;
    const meant = term.dataset === undefined ? query.datasets : [term.dataset];
    attributes[key] = {
      type: 'number',
      nullable: true,
      column: sql`(select f.value from model_metrics as f where f.model = logged_models.id and ${named(query.project, term.key)} and ${onDatasets(meant)}
        order by f.time desc, f.step desc limit 1)`,
    };
    return { entity: undefined, key, ascending: term.ascending };
  });
  const model = { model: 'logged_models.number' };
  const fields: SearchableFields = {
    row: 'logged_models.number',
    attributes,
    facts: {
      'params param parameters parameter': { type: 'text', table: 'logged_model_parameters', on: model, name: 'name', value: 'value' },
      'tags tag': { type: 'text', table: 'logged_model_tags', on: model, name: 'name', value: 'value' },
      'metrics metric': {
        type: 'number',
        table: 'model_metrics',
        on: { model: 'logged_models.id' },
        value: 'value',
        where: (key) => sql<boolean>`${named(query.project, key)} and ${onDatasets(query.datasets)}`,
      },
    },
  };
  return { fields, order };
}

/** A page of models, and the place where it ends when more follow. */
export async function searchModels(from: Queryable, query: ModelQuery): Promise<{ rows: LabelledModelRow[]; next: Place | undefined }> {
  const { fields, order: terms } = fieldsOf(query);
  const order = compileOrder(terms, fields, from.dialect);
  const { rows: found } = await sql<LabelledModelRow>`
    select logged_models.*, experiments.id as experiment_id, experiments.name as experiment_name,
      experiments.sequence as experiment_sequence, experiments.artifact_location as experiment_location, ${order.columns}
    from logged_models join experiments on experiments.number = logged_models.experiment
    where logged_models.project = ${query.project}
      and logged_models.deleted_at is ${query.deleted ? sql`not null` : sql`null`}
      and ${inExperiments(query.experiments)} and ${measuredOn(query)}
      and ${compileFilter(query.filter, fields, from.dialect)} and ${order.after(query.after)}
    order by ${order.by} limit ${query.limit + 1}`.execute(from.query());
  const last = found[query.limit - 1];
  const rows = found.slice(0, query.limit);
  return { rows, next: found.length > query.limit && last !== undefined ? order.placeOf(last) : undefined };
}

function inExperiments(experiments: readonly number[] | undefined) {
  if (experiments === undefined) return sql<boolean>`1 = 1`;
  return experiments.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`logged_models.experiment in (${sql.join(experiments)})`;
}

function measuredOn({ datasets, filter }: ModelQuery) {
  const asksMetrics = filter !== undefined && comparisonsOf(filter).some(({ entity }) => isMetric(entity));
  if (datasets.length === 0 || asksMetrics) return sql<boolean>`1 = 1`;
  return sql<boolean>`exists (select 1 from model_metrics as f where f.model = logged_models.id and ${onDatasets(datasets)})`;
}
