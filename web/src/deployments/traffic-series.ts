import type { RevisionWire, TrafficSeriesWire } from '#serving/wire.ts';
import type { LineSeries } from '../charts/line-data.ts';

export interface RecentTraffic {
  readonly perSecond: number;
  /** Undefined without a request. */
  readonly errorRate: number | undefined;
}

const recentMs = 60_000;

/** Traffic of the last minute before `now`, all revisions together. */
export function recentTraffic({ points, pointMs }: TrafficSeriesWire, now: number): RecentTraffic {
  const recent = points.filter((point) => point.time + pointMs > now - recentMs);
  const requests = recent.reduce((sum, point) => sum + point.requests, 0);
  const errors = recent.reduce((sum, point) => sum + point.errors, 0);
  return { perSecond: requests / (recentMs / 1_000), errorRate: requests === 0 ? undefined : errors / requests };
}

export type TrafficMeasure = 'requests' | 'errors' | 'latency';

const measures: Readonly<Record<TrafficMeasure, (point: TrafficSeriesWire['points'][number], pointMs: number) => number | null>> = {
  requests: (point, pointMs) => point.requests / (pointMs / 1_000),
  errors: (point) => (point.requests === 0 ? null : point.errors / point.requests),
  latency: (point) => point.latencyP99Ms ?? null,
};

/** One line for each revision. */
export function trafficLines(
  { points, pointMs }: TrafficSeriesWire,
  revisions: readonly RevisionWire[],
  measure: TrafficMeasure,
): readonly LineSeries[] {
  const numbers = new Map(revisions.map((revision) => [revision.id, revision.number]));
  return [...Map.groupBy(points, (point) => point.revision)].map(([revision, own]) => ({
    name: `revision ${numbers.get(revision) ?? revision}`,
    points: own.flatMap((point, index) => {
      const drawn = { x: point.time, y: measures[measure](point, pointMs) };
      const next = own[index + 1];
      if (next === undefined || next.time - point.time <= pointMs * 1.5) return [drawn];
      // Between two points without traffic in between, the line falls to zero, or breaks where there is nothing to measure.
      const quiet = measure === 'requests' ? 0 : null;
      return [drawn, { x: point.time + pointMs, y: quiet }, { x: next.time - pointMs, y: quiet }];
    }),
  }));
}
