import type { Filter } from '../search/filter-tree.ts';
import type { Workshop } from '../service.ts';
import { criteriaOf, type TraceSearch } from './find-traces.ts';
import { countPair } from './find-traces-store.ts';

export interface FilterCorrelation {
  /** From -1 (never together) over 0 (by chance) to 1 (always together); NaN where nothing can be said. */
  readonly npmi: number;
  /** The same with half a trace added to each of the four cells. */
  readonly smoothed: number;
  readonly total: number;
  readonly first: number;
  readonly second: number;
  readonly both: number;
}

/** How much two filters find the same traces, among those that fit `filter`. */
export async function correlateFilters(
  workshop: Workshop,
  search: Pick<TraceSearch, 'project' | 'experiments' | 'filter'> & { readonly filters: readonly [Filter | undefined, Filter | undefined] },
): Promise<FilterCorrelation> {
  const criteria = await criteriaOf(workshop, search);
  for (const filter of search.filters) await criteriaOf(workshop, { ...search, filter });
  const counts = await countPair(workshop.database, criteria, search.filters);
  return { ...counts, npmi: npmiOf(counts), smoothed: npmiOf(counts, 0.5) };
}

/**
 * Normalised pointwise mutual information, log(p(x,y) / (p(x) p(y))) / -log p(x,y), of G. Bouma, "Normalized (pointwise) mutual information in
 * collocation extraction", GSCL 2009. `smoothing` is added to each cell of the two-by-two table (Jeffreys' prior is 0.5).
 */
export function npmiOf({ total, first, second, both }: Omit<FilterCorrelation, 'npmi' | 'smoothed'>, smoothing = 0): number {
  if (total <= 0 || (smoothing === 0 && (first === 0 || second === 0))) return Number.NaN;
  const sum = total + 4 * smoothing;
  const joint = (both + smoothing) / sum;
  if (joint === 0) return -1;
  if (joint === 1) return 1;
  const x = (first + 2 * smoothing) / sum;
  const y = (second + 2 * smoothing) / sum;
  return Math.min(1, Math.max(-1, Math.log(joint / (x * y)) / -Math.log(joint)));
}
