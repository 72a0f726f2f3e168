import type { ModelVersionWire } from '#registry/wire.ts';
import type { LoggedModelPageWire } from '#tracking/logged-models/wire.ts';
import type { CurveWire, ExperimentWire, RunWire, RunComparisonWire } from '#tracking/wire.ts';
import type { BulkResultWire, RunGroupsWire } from '#tracking/table/wire.ts';
import type { RunViewWire } from '#tracking/views/wire.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, pathOf, post } from '../api/client.ts';
import { apiQuestion, type Page } from '../api/pages.ts';
import { apiQuery } from '../api/queries.ts';

/** What a list of runs is narrowed and ordered by; all of it stands in the address. */
export interface RunSearch {
  readonly filter?: string | undefined;
  readonly order?: string | undefined;
  readonly experiment?: string | undefined;
  readonly state?: string | undefined;
  readonly lifecycle?: string | undefined;
  /** Ids of columns: of what the runs logged only these are read. */
  readonly only?: readonly string[] | undefined;
}

export interface RunFields {
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
  readonly tags: readonly string[];
  readonly attributes: readonly string[];
}

const narrowing = ({ filter, experiment, state, lifecycle }: RunSearch) => ({ filter, experiment, state, lifecycle });

/** The words of a search, as the export and other addresses take them. */
export const searchWords = (search: RunSearch) => ({ ...narrowing(search), order: search.order });

/** No cell shows more of a text. */
const cellCharacters = 300;

/**
 * One page of the runs that fit. It begins where the page before it ended when that one was read, and else skips to its place,
 * so that a jump needs no pages between.
 */
export function runPageQuery(project: string, search: RunSearch, page: number, size: number) {
  const path = pathOf`/projects/${project}/runs`;
  const query = { ...searchWords(search), only: search.only, cut: cellCharacters, limit: size };
  const keyOf = (place: number) => ['runs', path, query, 'page', place] as const;
  return queryOptions<Page<RunWire>, Error, Page<RunWire>, ReturnType<typeof keyOf>>({
    queryKey: keyOf(page),
    queryFn: ({ signal, client }) => {
      const before = page === 0 ? undefined : client.getQueryState<Page<RunWire>>(keyOf(page - 1));
      // A page that is being read again may end elsewhere.
      const after = before?.fetchStatus === 'idle' && !before.isInvalidated ? before.data?.next : undefined;
      return get<Page<RunWire>>(path, { ...query, ...(after === undefined ? { skip: page * size || undefined } : { after }) }, signal);
    },
  });
}

export const runCountQuery = (project: string, search: RunSearch) =>
  apiQuery<{ readonly count: number }>('runs', pathOf`/projects/${project}/run-count`, narrowing(search));

export const runGroupsQuery = (project: string, search: RunSearch, by: string, metrics: readonly string[]) =>
  apiQuery<RunGroupsWire>('runs', pathOf`/projects/${project}/run-groups`, { ...narrowing(search), by, metric: metrics, limit: 1000 });

/** Runs by their ids, in that order; those that are gone are left out. */
export function runsByIdQuery(project: string, ids: readonly string[]) {
  const filter = `id in (${ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')})`;
  return {
    ...apiQuery<Page<RunWire>>('runs', pathOf`/projects/${project}/runs`, { filter, lifecycle: 'all', limit: 100, cut: cellCharacters }),
    select: ({ items }: Page<RunWire>) => ids.flatMap((id) => items.find((run) => run.id === id) ?? []),
    placeholderData: keepPreviousData,
  };
}

export const runValuesQuery = (project: string, field: string, prefix: string) =>
  apiQuery<{ readonly items: readonly string[] }>('runs', pathOf`/projects/${project}/run-values`, { field, prefix });

export const runViewsQuery = (project: string) =>
  apiQuery<{ readonly items: readonly RunViewWire[] }>('runs', pathOf`/projects/${project}/run-views`);

/** Ids of the runs that fit, from the place `skip` on, at most `most`. */
export async function readRunIds(
  project: string,
  search: RunSearch,
  { skip, most }: { skip: number; most: number },
): Promise<readonly string[]> {
  const path = pathOf`/projects/${project}/run-ids`;
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const place = after === undefined ? { skip: skip || undefined } : { after };
    const page = await get<Page<string>>(path, { ...searchWords(search), ...place, limit: Math.min(10_000, most - ids.length) });
    ids.push(...page.items);
    after = page.next;
  } while (after !== undefined && ids.length < most);
  return ids;
}

const runsAtOnce = 500;

/** The same change to many runs, in pieces; adds up what the server says of each. */
export async function changeRuns(
  project: string,
  change: {
    readonly runs: readonly string[];
    readonly change: 'delete' | 'restore' | 'tag';
    readonly tags?: Readonly<Record<string, string | null>>;
  },
): Promise<BulkResultWire> {
  const result: BulkResultWire = { changed: 0, failed: [] };
  for (let from = 0; from < change.runs.length; from += runsAtOnce) {
    const runs = change.runs.slice(from, from + runsAtOnce);
    const piece = await post<BulkResultWire>(pathOf`/projects/${project}/run-changes`, { ...change, runs });
    result.changed += piece.changed;
    result.failed.push(...piece.failed);
  }
  return result;
}

export const runFieldsQuery = (project: string) => apiQuery<RunFields>('runs', pathOf`/projects/${project}/run-fields`);

export const experimentsQuery = (project: string) =>
  apiQuery<Page<ExperimentWire>>('runs', pathOf`/projects/${project}/experiments`, { limit: 1000 });

export const runQuery = (project: string, run: string) => apiQuery<RunWire>('runs', pathOf`/projects/${project}/runs/${run}`);

interface CurvePart {
  readonly axis?: 'step' | 'time';
  /** Steps, or epoch ms. */
  readonly from?: number;
  readonly to?: number;
  readonly buckets?: number;
}

export const curvesQuery = (project: string, runs: readonly string[], metrics: readonly string[], part: CurvePart = {}) => ({
  ...apiQuestion<{ readonly curves: readonly CurveWire[] }>('runs', pathOf`/projects/${project}/run-curves`, { runs, metrics, ...part }),
  placeholderData: keepPreviousData,
});

/** More curves than this are not asked for at once. */
const mostCurves = 1000;

/** Which metrics have more than one point in one of the runs; all of them where asking would cost too much. */
export function metricsWithCurves(project: string, runs: readonly string[], metrics: readonly string[]) {
  const asks = runs.length * metrics.length <= mostCurves;
  return {
    ...apiQuestion<{ readonly curves: readonly CurveWire[] }>('runs', pathOf`/projects/${project}/run-curves`, {
      runs,
      metrics: asks ? metrics : [],
      buckets: 2,
    }),
    enabled: asks && metrics.length > 0 && runs.length > 0,
    placeholderData: keepPreviousData,
    select: ({ curves }: { readonly curves: readonly CurveWire[] }) =>
      new Set(curves.filter((curve) => curve.points > 1).map((curve) => curve.metric)),
  };
}

export const comparisonQuery = (project: string, runs: readonly string[]) =>
  apiQuestion<RunComparisonWire>('runs', pathOf`/projects/${project}/run-comparison`, { runs });

export const runVersionsQuery = (project: string, run: string) =>
  apiQuery<{ readonly items: readonly ModelVersionWire[] }>('models', pathOf`/projects/${project}/runs/${run}/model-versions`);

export const nestedRunsQuery = (project: string, run: string) =>
  apiQuery<Page<RunWire>>('runs', pathOf`/projects/${project}/runs`, {
    filter: `parentRun = '${run}'`,
    order: 'startedAt asc',
    limit: 1000,
  });

/** The models that a run logged. */
export const loggedModelsQuery = (project: string, run: string) =>
  apiQuery<LoggedModelPageWire>('runs', pathOf`/projects/${project}/logged-models`, { filter: `sourceRun = '${run}'`, limit: 100 });
