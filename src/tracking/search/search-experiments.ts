import { experimentOf, readExperimentTags } from '../experiments/experiment-store.ts';
import type { Experiment } from '../model.ts';
import type { Workshop } from '../service.ts';
import type { Lifecycle } from './criteria-store.ts';
import { searchExperiments } from './experiment-search-store.ts';
import type { Filter, OrderTerm } from './filter-tree.ts';
import { parseFilterTree } from './parse-filter.ts';
import { parseOrderTerms } from './order.ts';
import { cutPage } from './page.ts';
import { readPlace } from './place.ts';

export interface ExperimentSearch {
  readonly project: string;
  /** `name like 'delay%' and tags.team = 'ops' and createdAt > 0`, or as a tree. */
  readonly filter?: string | Filter | undefined;
  /** By name, sequence, createdAt, updatedAt or tags; the newest first when left out. */
  readonly order?: string | readonly OrderTerm[] | undefined;
  /** Default `active`. */
  readonly lifecycle?: Lifecycle | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

const newestFirst: readonly OrderTerm[] = [{ entity: undefined, key: 'creation_time', ascending: false }];

/** @throws `tracking.filter-invalid`, `tracking.order-invalid`, `tracking.page-token-invalid` */
export async function findExperiments(workshop: Workshop, search: ExperimentSearch): Promise<{ items: Experiment[]; next?: string }> {
  const { database } = workshop;
  const { name: project } = await workshop.projects.project(search.project);
  const filter = typeof search.filter === 'string' ? parseFilterTree(search.filter) : search.filter;
  const terms = typeof search.order === 'string' ? parseOrderTerms(search.order) : (search.order ?? []);
  const order: readonly OrderTerm[] = [
    ...(terms.length === 0 ? newestFirst : terms),
    { entity: undefined, key: 'experiment_id', ascending: true },
  ];
  const { lifecycle = 'active', limit } = search;
  const binding = JSON.stringify([project, lifecycle, filter, order]);
  const after = search.after === undefined ? undefined : readPlace(search.after, binding);
  const found = await searchExperiments(database, { project, filter, order, lifecycle, after, limit: limit + 1 });
  const { rows, ...rest } = cutPage(found, limit, binding);
  const tags = await readExperimentTags(
    database,
    rows.map(({ number }) => number),
  );
  return { items: rows.map((row) => experimentOf(row, tags.get(row.number) ?? {})), ...rest };
}
