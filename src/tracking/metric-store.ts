import { CompiledQuery, sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { LatestMetric, MetricPoint } from './model.ts';
import type { PointRow, TrackingTables } from './store.ts';

const rowsAtOnce = 1000;

/** Adds points; one with the run, metric, step and time of another replaces its value. Rows must not repeat a key. */
export async function insertPoints(tx: Queryable, rows: readonly PointRow[]): Promise<void> {
  const tail = 'on conflict (run, metric, step, time) do update set value = excluded.value';
  await insertRows(tx, 'metric_points', { rows, tail });
}

/** Keeps the greatest (step, time) of each metric. Rows must hold each metric once. */
export async function updateLatest(tx: Queryable, rows: readonly PointRow[]): Promise<void> {
  const tail =
    'on conflict (run, metric) do update set step = excluded.step, time = excluded.time, value = excluded.value ' +
    'where (excluded.step, excluded.time) >= (metric_latest.step, metric_latest.time)';
  await insertRows(tx, 'metric_latest', { rows, tail });
}

/** Plain text and parameters in place of a query tree: at thousands of values the tree costs more than the database. */
async function insertRows(
  tx: Queryable,
  table: 'metric_points' | 'metric_latest',
  insert: { rows: readonly PointRow[]; tail: string },
): Promise<void> {
  for (let from = 0; from < insert.rows.length; from += rowsAtOnce) {
    const rows = insert.rows.slice(from, from + rowsAtOnce);
    const head = `insert into ${table} (run, metric, step, time, value)`;
    const query =
      tx.dialect === 'postgres'
        ? CompiledQuery.raw(
            `${head} select * from unnest($1::bigint[], $2::int[], $3::bigint[], $4::bigint[], $5::float8[]) where true ${insert.tail}`,
            columnsOf(rows),
          )
        : CompiledQuery.raw(
            `${head} values ${rows.map(() => '(?,?,?,?,?)').join(',')} ${insert.tail}`,
            rows.flatMap((row) => [row.run, row.metric, row.step, row.time, row.value]),
          );
    await tx.query().executeQuery(query);
  }
}

function columnsOf(rows: readonly PointRow[]): unknown[] {
  return [
    rows.map((row) => row.run),
    rows.map((row) => row.metric),
    rows.map((row) => row.step),
    rows.map((row) => row.time),
    rows.map((row) => row.value),
  ];
}

/** The latest point of each metric of the given runs, by run. */
export async function readLatest(from: Queryable, runs: readonly number[]): Promise<ReadonlyMap<number, LatestMetric[]>> {
  const byRun = new Map<number, LatestMetric[]>(runs.map((run) => [run, []]));
  if (runs.length === 0) return byRun;
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('metric_latest')
    .innerJoin('run_names', 'run_names.number', 'metric_latest.metric')
    .select(['run', 'name', 'step', 'time', 'value'])
    .where('run', 'in', runs)
    .execute();
  for (const { run, name, step, time, value } of rows) byRun.get(run)?.push({ name, step, time, value: value ?? Number.NaN });
  for (const metrics of byRun.values()) metrics.sort((a, b) => (a.name < b.name ? -1 : 1));
  return byRun;
}

export interface HistoryPage {
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
  /** Only points after this one. */
  readonly after?: { readonly step: number; readonly time: number } | undefined;
  readonly limit: number;
}

/** Points of one metric in the order of step, then time. */
export async function readPoints(from: Queryable, series: { run: number; metric: number }, page: HistoryPage): Promise<MetricPoint[]> {
  let select = from
    .query<TrackingTables>()
    .selectFrom('metric_points')
    .select(['step', 'time', 'value'])
    .where('run', '=', series.run)
    .where('metric', '=', series.metric);
  if (page.fromStep !== undefined) select = select.where('step', '>=', page.fromStep);
  if (page.toStep !== undefined) select = select.where('step', '<=', page.toStep);
  const { after } = page;
  if (after !== undefined) select = select.where(sql<boolean>`(step, time) > (${after.step}, ${after.time})`);
  const rows = await select.orderBy('step').orderBy('time').limit(page.limit).execute();
  return rows.map(({ step, time, value }) => ({ step, time, value: value ?? Number.NaN }));
}

export interface SeriesExtent {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

export type Axis = 'step' | 'time';

export async function readExtent(
  from: Queryable,
  series: { run: number; metric: number },
  range: { axis: Axis; from?: number | undefined; to?: number | undefined },
): Promise<SeriesExtent> {
  const axis = sql.ref<number>(range.axis);
  let select = from
    .query<TrackingTables>()
    .selectFrom('metric_points')
    .select([sql<number>`count(*)`.as('count'), sql<number | null>`min(${axis})`.as('from'), sql<number | null>`max(${axis})`.as('to')])
    .where('run', '=', series.run)
    .where('metric', '=', series.metric);
  if (range.from !== undefined) select = select.where(axis, '>=', range.from);
  if (range.to !== undefined) select = select.where(axis, '<=', range.to);
  const row = await select.executeTakeFirstOrThrow();
  return { count: row.count, from: row.from ?? 0, to: row.to ?? 0 };
}

export interface Bucket {
  /** First and last position on the axis that a point of this bucket has. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Points that are NaN; they count in no figure below. */
  readonly missing: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly mean: number | undefined;
}

/** The points between `from` and `to`, gathered in buckets of `width`, in the order of the axis; empty buckets are left out. */
export async function readBuckets(
  from: Queryable,
  series: { run: number; metric: number },
  cut: { axis: Axis; from: number; to: number; width: number },
): Promise<Bucket[]> {
  const axis = sql.ref<number>(cut.axis);
  // Both databases divide whole numbers to whole numbers, but SQLite binds every parameter as a fraction.
  const bucket = sql<number>`(${axis} - cast(${cut.from} as bigint)) / cast(${cut.width} as bigint)`;
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('metric_points')
    .select([
      sql<number>`min(${axis})`.as('from'),
      sql<number>`max(${axis})`.as('to'),
      sql<number>`count(*)`.as('count'),
      sql<number>`count(value)`.as('present'),
      sql<number | null>`min(value)`.as('min'),
      sql<number | null>`max(value)`.as('max'),
      sql<number | null>`avg(value)`.as('mean'),
    ])
    .where('run', '=', series.run)
    .where('metric', '=', series.metric)
    .where(axis, '>=', cut.from)
    .where(axis, '<=', cut.to)
    .groupBy(bucket)
    .orderBy(sql`1`)
    .execute();
  return rows.map(({ present, count, min, max, mean, ...rest }) => ({
    ...rest,
    count,
    missing: count - present,
    min: min ?? undefined,
    max: max ?? undefined,
    // Infinities of both signs have no mean.
    mean: present === 0 ? undefined : (mean ?? Number.NaN),
  }));
}
