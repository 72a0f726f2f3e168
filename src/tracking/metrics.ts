import { trackingErrors } from './errors.ts';
import { type Axis, type Bucket, type HistoryPage, readBuckets, readExtent, readPoints } from './metric-store.ts';
import type { MetricPoint } from './model.ts';
import { limits } from './names.ts';
import { findRun } from './run-store.ts';
import { required, type RunAddress } from './runs.ts';
import type { Workshop } from './service.ts';

/** Points of one metric in the order of step, then time; a metric that the run lacks has none. @throws `tracking.run-not-found` */
export async function metricHistory(
  workshop: Workshop,
  address: RunAddress,
  page: HistoryPage & { metric: string },
): Promise<{ items: MetricPoint[]; more: boolean }> {
  const series = await findSeries(workshop, address, page.metric);
  if (series === undefined) return { items: [], more: false };
  const found = await readPoints(workshop.database, series, { ...page, limit: page.limit + 1 });
  return { items: found.slice(0, page.limit), more: found.length > page.limit };
}

export interface CurveRequest {
  readonly runs: readonly string[];
  readonly metrics: readonly string[];
  readonly axis: Axis;
  /** Inclusive; the whole curve when left out. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** At most so many buckets a curve. */
  readonly buckets: number;
}

export interface Curve {
  readonly run: string;
  readonly metric: string;
  /** Points within the range. */
  readonly points: number;
  /** False when each bucket is one point. */
  readonly sampled: boolean;
  readonly buckets: readonly Bucket[];
}

/**
 * Curves for a chart: per bucket of the axis the least, greatest and mean value, so that no peak is lost however many points
 * there are. A curve that has few points comes whole. @throws `tracking.run-not-found`, `tracking.too-many-runs`
 */
export async function metricCurves(workshop: Workshop, project: string, request: CurveRequest): Promise<Curve[]> {
  const count = request.runs.length * request.metrics.length;
  if (request.runs.length > limits.runsAtOnce || count > 10 * limits.runsAtOnce) {
    throw trackingErrors['too-many-runs']({ count: request.runs.length, limit: limits.runsAtOnce });
  }
  const curves: Curve[] = [];
  for (const run of request.runs) {
    for (const metric of request.metrics) {
      const series = await findSeries(workshop, { run, project }, metric);
      if (series !== undefined) curves.push({ run, metric, ...(await readCurve(workshop, series, request)) });
    }
  }
  return curves.filter((curve) => curve.points > 0);
}

async function readCurve(
  workshop: Workshop,
  series: { run: number; metric: number },
  request: CurveRequest,
): Promise<Omit<Curve, 'run' | 'metric'>> {
  const { axis, from, to } = request;
  const extent = await readExtent(workshop.database, series, { axis, from, to });
  if (extent.count === 0) return { points: 0, sampled: false, buckets: [] };
  const few = extent.count <= request.buckets;
  const width = few ? 1 : Math.ceil((extent.to - extent.from + 1) / request.buckets);
  const buckets = await readBuckets(workshop.database, series, { axis, from: extent.from, to: extent.to, width });
  return { points: extent.count, sampled: buckets.length < extent.count, buckets };
}

async function findSeries(
  { database, names }: Workshop,
  address: RunAddress,
  metric: string,
): Promise<{ run: number; metric: number } | undefined> {
  const run = required(await findRun(database, address.run, address.project), address);
  const number = (await names.find(run.project, 'metric', [metric])).get(metric);
  return number === undefined ? undefined : { run: run.number, metric: number };
}
