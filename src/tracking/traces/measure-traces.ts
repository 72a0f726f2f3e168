import type { ExperimentAddress } from '../experiments/experiment-store.ts';
import type { Filter } from '../search/filter-tree.ts';
import { readPlace, writePlace } from '../search/index.ts';
import type { Workshop } from '../service.ts';
import { traceErrors } from './errors.ts';
import { criteriaOf } from './find-traces.ts';
import { type Group, type Measurement, measureGroups, type RankedValue, rankedValues } from './measure-traces-store.ts';
import { dimensionsOf, metricsOf, type View } from './measured-views-store.ts';

export type Aggregation =
  | { readonly kind: 'count' | 'sum' | 'mean' | 'min' | 'max' }
  /** From 0 to 100, interpolated linearly between the two nearest values. */
  | { readonly kind: 'percentile'; readonly percent: number };

export interface MeasureTraces {
  readonly project: string;
  readonly experiments: readonly ExperimentAddress[];
  readonly view: View;
  readonly metric: string;
  readonly aggregations: readonly Aggregation[];
  readonly dimensions?: readonly string[] | undefined;
  readonly filters?: readonly Filter[] | undefined;
  /** Seconds. */
  readonly interval?: number | undefined;
  /** Epoch milliseconds, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface MeasuredPoint {
  readonly dimensions: Readonly<Record<string, string>>;
  /** Where the time bucket begins, epoch milliseconds. */
  readonly time: number | undefined;
  /** In the order of the aggregations; undefined where no value was there. */
  readonly values: readonly (number | undefined)[];
}

const mostPercentiles = 10;

/** Figures of traces, spans or assessments, by dimensions and time. @throws `tracking.trace-metric-invalid` and what filters throw */
export async function measureTraces(workshop: Workshop, wanted: MeasureTraces): Promise<{ points: MeasuredPoint[]; next?: string }> {
  check(wanted);
  const { project, experiments = [] } = await criteriaOf(workshop, wanted);
  const { view, metric, dimensions = [], filters = [], interval, from, to, limit } = wanted;
  const binding = JSON.stringify([project, experiments, view, metric, dimensions, filters, interval, from, to]);
  const [offset] = wanted.after === undefined ? [0] : readPlace(wanted.after, binding);
  const start = typeof offset === 'number' ? offset : 0;
  const bucket = interval === undefined ? undefined : interval * 1000;
  const measurement: Measurement = {
    project,
    experiments,
    view,
    metric,
    dimensions,
    filters,
    bucket,
    from,
    to,
    limit: limit + 1,
    offset: start,
  };
  return workshop.database.snapshot(async (at) => {
    const groups = await measureGroups(at, measurement);
    const ranked = new Map<number, ReadonlyMap<string, RankedValue[]>>();
    for (const aggregation of wanted.aggregations) {
      if (aggregation.kind !== 'percentile' || ranked.has(aggregation.percent)) continue;
      ranked.set(aggregation.percent, byGroup(await rankedValues(at, measurement, aggregation.percent / 100)));
    }
    const points = groups.slice(0, limit).map((group) => ({
      dimensions: Object.fromEntries(dimensions.flatMap((name, index) => (group.keys[index] == null ? [] : [[name, group.keys[index]]]))),
      time: group.bucket ?? undefined,
      values: wanted.aggregations.map((aggregation) =>
        aggregation.kind === 'percentile'
          ? interpolate(ranked.get(aggregation.percent)?.get(keyOf(group)) ?? [], aggregation.percent / 100)
          : valueOf(group, aggregation.kind, metric),
      ),
    }));
    return { points, ...(groups.length > limit ? { next: writePlace([start + limit], binding) } : {}) };
  });
}

function check({ view, metric, dimensions = [], aggregations, interval, from, to }: MeasureTraces): void {
  const refuse = (problem: string) => traceErrors['trace-metric-invalid']({ problem });
  if (!metricsOf(view).includes(metric))
    throw refuse(`"${metric.slice(0, 60)}" is no metric of ${view}; known are ${metricsOf(view).join(', ')}`);
  for (const name of dimensions)
    if (!dimensionsOf(view).includes(name))
      throw refuse(`"${name.slice(0, 60)}" is no dimension of ${view}; known are ${dimensionsOf(view).join(', ')}`);
  if (aggregations.length === 0) throw refuse('at least one aggregation is needed');
  const percents = aggregations.flatMap((aggregation) => (aggregation.kind === 'percentile' ? [aggregation.percent] : []));
  if (percents.length > mostPercentiles) throw refuse(`at most ${mostPercentiles} percentiles are computed at once`);
  if (percents.some((percent) => !(percent >= 0 && percent <= 100))) throw refuse('a percentile lies between 0 and 100');
  if (interval !== undefined && !(Number.isSafeInteger(interval) && interval > 0))
    throw refuse('the time interval must be a whole number of seconds above 0');
  if (interval !== undefined && (from === undefined || to === undefined)) throw refuse('a time interval needs a start and an end time');
}

function byGroup(values: readonly RankedValue[]): ReadonlyMap<string, RankedValue[]> {
  const groups = new Map<string, RankedValue[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

function keyOf({ keys, bucket }: Pick<Group, 'keys' | 'bucket'>): string {
  return JSON.stringify([keys, bucket]);
}

/** Method 7 of Hyndman and Fan (1996): linear between the two values around rank q(n-1). */
function interpolate(near: readonly RankedValue[], quantile: number): number | undefined {
  const [first] = near;
  if (first === undefined) return undefined;
  const rank = quantile * (first.count - 1);
  const at = (wanted: number) => near.find((each) => each.rank === wanted)?.value ?? first.value;
  const below = at(Math.floor(rank));
  return below + (rank - Math.floor(rank)) * (at(Math.ceil(rank)) - below);
}

function valueOf(group: Group, kind: Exclude<Aggregation['kind'], 'percentile'>, metric: string): number | undefined {
  if (kind === 'count') return metric === 'session_count' ? group.distinct : group.count;
  return group[kind] ?? undefined;
}
