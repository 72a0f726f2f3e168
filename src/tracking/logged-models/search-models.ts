import { findExperiment } from '../experiments/experiment-store.ts';
import { readPlace, writePlace } from '../search/index.ts';
import type { Filter } from '../search/filter-tree.ts';
import type { Workshop } from '../service.ts';
import { assembleModels } from './assemble.ts';
import type { LoggedModel } from './model.ts';
import { type DatasetChoice, type ModelOrderTerm, searchModels } from './search-store.ts';

export interface LoggedModelSearch {
  readonly project: string;
  /** Only models of these experiments, by their numbers in the project; those that do not exist hold none. */
  readonly experiments?: readonly number[] | undefined;
  readonly filter?: Filter | undefined;
  readonly datasets?: readonly DatasetChoice[] | undefined;
  /** The newest first unless said; the newest first among equals. */
  readonly order?: readonly ModelOrderTerm[] | undefined;
  readonly deleted?: boolean | undefined;
  /** The token of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const newestFirst: ModelOrderTerm = { entity: undefined, key: 'creation_timestamp', ascending: false };

/** @throws `tracking.filter-invalid`, `tracking.order-invalid`, `tracking.page-token-invalid` */
export async function searchLoggedModels(
  { database }: Workshop,
  { after, limit, ...search }: LoggedModelSearch,
): Promise<{ models: LoggedModel[]; next?: string }> {
  const { project, filter, datasets = [], order = [], deleted = false } = search;
  const binding = JSON.stringify(['logged-models', project, search.experiments, filter, datasets, order, deleted]);
  const experiments = search.experiments === undefined ? undefined : await numbersOf({ database }, project, search.experiments);
  const place = after === undefined ? undefined : readPlace(after, binding);
  const query = { project, experiments, deleted, filter, datasets, order: [...order, newestFirst], after: place, limit };
  const { rows, next } = await searchModels(database, query);
  const models = await assembleModels(database, project, rows);
  return { models, ...(next === undefined ? {} : { next: writePlace(next, binding) }) };
}

async function numbersOf({ database }: Pick<Workshop, 'database'>, project: string, sequences: readonly number[]): Promise<number[]> {
  const rows = await Promise.all([...new Set(sequences)].map((sequence) => findExperiment(database, project, { sequence })));
  return rows.flatMap((row) => (row === undefined ? [] : [row.number]));
}
