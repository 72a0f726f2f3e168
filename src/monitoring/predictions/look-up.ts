import { quoteList } from '#kernel/analytics/index.ts';
import type { Rooms } from '../deps.ts';
import { listLabelFiles } from '../labels/label-store.ts';
import { type Watched, watchedEnvironment } from '../model.ts';
import { wellFormed } from '../well-formed.ts';
import { predictionsRelation } from '../windows/scan.ts';
import { listFiles, type Source } from './prediction-store.ts';

/** One prediction with what is known of it. */
export interface FoundPrediction {
  readonly id: string;
  readonly time: number;
  readonly eventTime: number;
  readonly revision: string;
  readonly version: string;
  readonly status: string;
  readonly latencyMs: number | undefined;
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly outputs: Readonly<Record<string, number>>;
  /** All labels that came for it, the latest first: that one holds. */
  readonly labels: readonly { readonly value: number; readonly time: number | undefined; readonly source: string | undefined }[];
}

type Row = Readonly<Record<string, string | number | boolean | null>>;
interface LabelRow {
  readonly id: string;
  readonly value: number;
  readonly time: number | null;
  readonly source: string | null;
}

/** Predictions by their ids, with their labels; unknown ids are left out. */
export async function lookUpPredictions(
  rooms: Rooms,
  watched: Watched,
  ids: readonly string[],
  environment: string = watchedEnvironment,
): Promise<readonly FoundPrediction[]> {
  const { database, analytics, objects } = rooms.kernel;
  const source: Source = { project: watched.project, deployment: watched.deployment, environment };
  const files = await listFiles(database, source);
  if (files.length === 0 || ids.length === 0) return [];
  const wanted = quoteList(ids.map(wellFormed));
  const paths = await Promise.all(files.map(({ digest }) => objects.path(digest)));
  const rows = await analytics.query<Row>(
    `SELECT * FROM ${predictionsRelation(paths)} WHERE id IN (SELECT unnest(${wanted})) ORDER BY id, time`,
  );
  const labelPaths = await Promise.all((await listLabelFiles(database, watched)).map(({ digest }) => objects.path(digest)));
  const labels =
    labelPaths.length === 0
      ? []
      : await analytics.query<LabelRow>(
          `SELECT id, value, time, source FROM read_parquet(${quoteList(labelPaths)}) WHERE id IN (SELECT unnest(${wanted})) ORDER BY sequence DESC`,
        );
  return rows.map((row) => toPrediction(row, labels));
}

function toPrediction(row: Row, labels: readonly LabelRow[]): FoundPrediction {
  const own = labels.filter(({ id }) => id === row['id']);
  return {
    id: String(row['id']),
    time: Number(row['time']),
    eventTime: Number(row['event_time']),
    revision: String(row['revision']),
    version: String(row['version']),
    status: String(row['status']),
    latencyMs: typeof row['latency_us'] === 'number' ? row['latency_us'] / 1000 : undefined,
    inputs: columnsOf(row, 'input.', (value): value is string | number => typeof value === 'string' || typeof value === 'number'),
    outputs: columnsOf(row, 'output.', (value) => typeof value === 'number'),
    labels: own.map(({ value, time, source }) => ({ value, time: time ?? undefined, source: source ?? undefined })),
  };
}

function columnsOf<Value>(row: Row, prefix: string, is: (value: unknown) => value is Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (name.startsWith(prefix) && is(value) ? [[name.slice(prefix.length), value]] : [])),
  );
}
