import { comparisonsOf, type Filter, type OrderTerm, readPlace, writePlace } from '#tracking/index.ts';
import { type Model, type ModelKind, promptTag, type VersionHeader } from './model.ts';
import { searchModels, searchVersions, type StoreSearch } from './search-store.ts';
import type { Workshop } from './service.ts';
import { assembleModels } from './store.ts';
import { assembleHeaders } from './version-parts-store.ts';

export interface RegistrySearch {
  readonly project: string;
  /** Without it prompts are found only by a filter that speaks of the tag which makes them prompts. */
  readonly kind?: ModelKind | undefined;
  readonly filter?: Filter | undefined;
  readonly order?: readonly OrderTerm[] | undefined;
  /** The token of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface SearchPage<Item> {
  readonly items: readonly Item[];
  /** The token for the next page. */
  readonly next?: string;
}

const by = (key: string, ascending = true): OrderTerm => ({ entity: undefined, key, ascending });

/** By name unless said. @throws `tracking.filter-invalid`, `tracking.order-invalid`, `tracking.page-token-invalid` */
export async function findModels({ database, projects }: Workshop, search: RegistrySearch): Promise<SearchPage<Model>> {
  await projects.project(search.project);
  const { rows, next, binding } = await page(search, [by('name')], 'models', (store) => searchModels(database, store));
  return { items: await assembleModels(database, rows), ...(next === undefined ? {} : { next: writePlace(next, binding) }) };
}

/** Versions of any model, those changed last first unless said. @throws as `findModels` */
export async function findVersions({ database, projects }: Workshop, search: RegistrySearch): Promise<SearchPage<VersionHeader>> {
  await projects.project(search.project);
  const usual = [...(search.order?.length ? [] : [by('updated_at', false)]), by('name'), by('version', false)];
  const { rows, next, binding } = await page(search, usual, 'versions', (store) => searchVersions(database, store));
  return { items: await assembleHeaders(database, rows), ...(next === undefined ? {} : { next: writePlace(next, binding) }) };
}

// oxlint-disable-next-line max-params -- what is asked, how it ends, and who answers
async function page<Result>(
  search: RegistrySearch,
  usual: readonly OrderTerm[],
  what: string,
  ask: (search: StoreSearch) => Promise<Result>,
): Promise<Result & { readonly binding: string }> {
  const { project, filter, order = [], limit } = search;
  const binding = JSON.stringify([what, project, search.kind ?? null, filter ?? null, order]);
  const after = search.after === undefined ? undefined : readPlace(search.after, binding);
  const speaksOfPrompts =
    filter !== undefined && comparisonsOf(filter).some(({ entity, key }) => entity !== undefined && key === promptTag);
  const kind = search.kind ?? (speaksOfPrompts ? undefined : 'model');
  return { ...(await ask({ project, filter, kind, order: [...order, ...usual], after, limit })), binding };
}
