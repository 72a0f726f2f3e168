import type { PostgresConnection } from '#kernel/database/index.ts';
import type { Series } from './log-entry.ts';
import { isNewer, lastPoint, newestPoint, type Point, storedValue } from './log-rows.ts';
import { comparePoints, type PointColumns } from '../metrics/metric-points.ts';

/** Points that a series got in a group. */
export interface Arrived {
  readonly series: Series;
  readonly points: PointColumns;
}

/** Keeps the greatest point of each metric. */
export async function writeLatest(connection: PostgresConnection, arrived: readonly Arrived[]): Promise<void> {
  // A statement may change a row only once, and a metric may have come with several subjects.
  const latest = new Map<string, { series: Series; point: Point }>();
  for (const { series, points } of arrived) {
    const key = `${series.run} ${series.metric}`;
    const point = lastPoint(points);
    const before = latest.get(key);
    if (before === undefined || comparePoints(point, before.point) > 0) latest.set(key, { series, point });
  }
  const rows = [...latest.values()];
  const upsert = {
    name: 'tracking-upsert-latest',
    text: `insert into metric_latest (run, metric, subject, step, time, value)
      select * from unnest($1::bigint[], $2::int[], $3::int[], $4::float8[], $5::float8[], $6::float8[]) order by 1, 2
      on conflict (run, metric)
      do update set step = excluded.step, time = excluded.time, value = excluded.value, subject = excluded.subject
      where (excluded.step, excluded.time) > (metric_latest.step, metric_latest.time)
        or (excluded.step, excluded.time) = (metric_latest.step, metric_latest.time)
          and (excluded.value > metric_latest.value or excluded.value is not null and metric_latest.value is null)`,
  };
  await connection.query(upsert, [...keyColumns(rows.map(({ series }) => series)), ...pointColumns(rows.map(({ point }) => point))]);
}

function pointColumns(points: readonly Point[]): [number[], number[], (number | null)[]] {
  return [points.map(({ step }) => step), points.map(({ time }) => time), points.map(({ value }) => storedValue(value))];
}

/** Keeps the newest point of each metric of a model on each dataset. */
export async function writeModelMetrics(connection: PostgresConnection, arrived: readonly Arrived[]): Promise<void> {
  const newest = new Map<string, { series: Series; point: Point }>();
  for (const { series, points } of arrived) {
    const key = `${series.subject.number} ${series.metric}`;
    const point = newestPoint(points);
    const before = newest.get(key);
    if (before === undefined || isNewer(point, before.point)) newest.set(key, { series, point });
  }
  const rows = [...newest.values()];
  const upsert = {
    name: 'tracking-upsert-model-metrics',
    text: `insert into model_metrics (model, metric, dataset_name, dataset_digest, run, step, time, value)
      select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::float8[], $7::float8[], $8::float8[])
      order by 1, 2, 3, 4
      on conflict (model, metric, dataset_name, dataset_digest)
      do update set run = excluded.run, step = excluded.step, time = excluded.time, value = excluded.value
      where (excluded.time, excluded.step) > (model_metrics.time, model_metrics.step)
        or (excluded.time, excluded.step) = (model_metrics.time, model_metrics.step)
          and (excluded.value > model_metrics.value or excluded.value is not null and model_metrics.value is null)`,
  };
  await connection.query(upsert, [
    rows.map(({ series }) => series.subject.model),
    rows.map(({ series }) => series.metric),
    rows.map(({ series }) => series.subject.datasetName),
    rows.map(({ series }) => series.subject.datasetDigest),
    rows.map(({ series }) => series.run),
    ...pointColumns(rows.map(({ point }) => point)),
  ]);
}

/** Run, metric and subject of series. */
export function keyColumns(series: readonly Series[]): [number[], number[], number[]] {
  return [series.map(({ run }) => run), series.map(({ metric }) => metric), series.map(({ subject }) => subject.number)];
}
