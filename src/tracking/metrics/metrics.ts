import { trackingErrors } from '../errors.ts';
import { type CurveShape, readCurve } from './metric-curve.ts';
import { type HistoryPage, readHistory } from './metric-history.ts';
import type { Axis } from './metric-store.ts';
import type { MetricPoint } from '../model.ts';
import { limits } from '../names.ts';
import type { RunAddress } from '../runs/runs.ts';
import type { Workshop } from '../service.ts';

/** Points of one metric in the order of step, time and value; a metric that the run lacks has none. @throws `tracking.run-not-found` */
export async function metricHistory(
  workshop: Workshop,
  address: RunAddress,
  page: HistoryPage & { metric: string },
): Promise<{ items: MetricPoint[]; more: boolean }> {
  const run = await workshop.runs.find(address);
  const metric = (await workshop.names.find(run.project, 'metric', [page.metric])).get(page.metric);
  if (metric === undefined) return { items: [], more: false };
  const series = { run: run.number, metric };
  const found = await workshop.database.snapshot((at) => readHistory(at, series, { ...page, limit: page.limit + 1 }));
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

export interface Curve extends CurveShape {
  readonly run: string;
  readonly metric: string;
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
  const metrics = await workshop.names.find(project, 'metric', request.metrics);
  const range = { axis: request.axis, from: request.from, to: request.to, most: request.buckets };
  const curves: Curve[] = [];
  for (const run of request.runs) {
    const { number } = await workshop.runs.find({ run, project });
    // On SQLite nothing below waits for the event loop, and a thousand curves take their time.
    await new Promise((resolve) => setImmediate(resolve));
    for (const metric of request.metrics) {
      const named = metrics.get(metric);
      if (named === undefined) continue;
      const curve = await workshop.database.snapshot((at) => readCurve(at, { run: number, metric: named }, range));
      if (curve.points > 0) curves.push({ run, metric, ...curve });
    }
  }
  return curves;
}
