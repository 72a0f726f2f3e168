import { linearRegexp } from '#kernel/linear-regexp.ts';
import type { ExperimentAddress } from '../experiments/experiment-store.ts';
import { trackingErrors } from '../errors.ts';
import { comparisonsOf, fieldText, type Filter, type OrderTerm } from '../search/filter-tree.ts';
import { cutPage, readPlace } from '../search/index.ts';
import type { Workshop } from '../service.ts';
import { countTraces, searchTraces, type TraceCriteria } from './find-traces-store.ts';
import type { Trace } from './model.ts';
import { searchedExperiments } from './trace-experiment.ts';
import { assembleTraces } from './trace-store.ts';

export interface TraceSearch {
  readonly project: string;
  /** All that are not deleted when left out. */
  readonly experiments?: readonly ExperimentAddress[] | undefined;
  readonly filter?: Filter | undefined;
  /** The newest first when left out. */
  readonly order?: readonly OrderTerm[] | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** @throws `tracking.filter-invalid`, `tracking.order-invalid`, `tracking.page-token-invalid`, `tracking.experiment-not-found` */
export async function findTraces(workshop: Workshop, search: TraceSearch): Promise<{ items: Trace[]; next?: string }> {
  const { limit, order = [] } = search;
  const criteria = await criteriaOf(workshop, search);
  const binding = JSON.stringify([criteria.project, criteria.experiments, criteria.filter, order]);
  const after = search.after === undefined ? undefined : readPlace(search.after, binding);
  return refusingPatterns(criteria, () =>
    workshop.database.snapshot(async (at) => {
      const found = await searchTraces(at, criteria, { order, after, limit: limit + 1 });
      const { rows, ...rest } = cutPage(found, limit, binding);
      return { items: await assembleTraces(at, rows), ...rest };
    }),
  );
}

/** How many traces the search finds on all its pages. */
export async function countFoundTraces(workshop: Workshop, search: Omit<TraceSearch, 'order' | 'after' | 'limit'>): Promise<number> {
  const criteria = await criteriaOf(workshop, search);
  return refusingPatterns(criteria, () => countTraces(workshop.database, criteria));
}

/** @throws `tracking.experiment-not-found`, `tracking.filter-invalid` */
export async function criteriaOf(
  { database, projects }: Workshop,
  { project, experiments, filter }: Pick<TraceSearch, 'project' | 'experiments' | 'filter'>,
): Promise<TraceCriteria> {
  const { name } = await projects.project(project);
  if (filter !== undefined) checkPatterns(filter);
  if (experiments === undefined) return { project: name, filter };
  return { project: name, filter, experiments: await searchedExperiments(database, name, experiments) };
}

/** PostgreSQL's own patterns lack some of what JavaScript's have; it says so with the code 2201B (invalid_regular_expression). */
async function refusingPatterns<Result>({ filter }: TraceCriteria, search: () => Promise<Result>): Promise<Result> {
  try {
    return await search();
  } catch (error) {
    const written = filter === undefined ? undefined : comparisonsOf(filter).find(({ operator }) => operator === 'RLIKE');
    if (written === undefined || !(error instanceof Error && 'code' in error && error.code === '2201B')) throw error;
    const { position } = written;
    throw trackingErrors['filter-invalid']({ filter: fieldText(written), position, problem: error.message }, error);
  }
}

const longestPattern = 500;

function checkPatterns(filter: Filter): void {
  for (const comparison of comparisonsOf(filter)) {
    if (comparison.operator !== 'RLIKE') continue;
    const pattern = String(comparison.value);
    const problem = patternProblem(pattern);
    if (problem !== undefined)
      throw trackingErrors['filter-invalid']({ filter: fieldText(comparison), position: comparison.position, problem });
  }
}

function patternProblem(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return `a pattern has at most ${longestPattern} characters`;
  try {
    return linearRegexp(pattern) instanceof RegExp ? undefined : '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
