import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { mergePoints } from '../metrics/metric-points.ts';
import { openChunks, readChunks, readUnsealed } from '../metrics/metric-store.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { RunRow, TrackingTables } from '../store.ts';
import type { RunCounts } from './model.ts';

export type KnownRun = Pick<RunRow, 'number' | 'id' | 'project' | 'deleted_at'>;

/** Runs of any project: an id is given once. */
export async function findRunsAnywhere(from: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, KnownRun>> {
  if (ids.length === 0) return new Map();
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('runs')
    .select(['number', 'id', 'project', 'deleted_at'])
    .where(isOneOf(sql.ref('id'), ids, from.dialect))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

type FactTable = 'run_parameters' | 'run_tags' | 'run_artifacts';

async function countFacts(from: Queryable, table: FactTable, runs: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await from
    .query<TrackingTables>()
    .selectFrom(table)
    .select(({ fn }) => ['run', fn.countAll<number>().as('count')])
    .where(isOneOf(sql.ref('run'), runs, from.dialect))
    .groupBy('run')
    .execute();
  return new Map(rows.map(({ run, count }) => [run, count]));
}

/** How much of each run is here; points that were sent twice count once. Runs of other projects are left out. */
export async function countRuns(from: Queryable, project: string, ids: readonly string[]): Promise<RunCounts[]> {
  const runs = [...(await findRunsAnywhere(from, ids)).values()].filter((run) => run.project === project);
  if (runs.length === 0) return [];
  const numbers = runs.map(({ number }) => number);
  const parameters = await countFacts(from, 'run_parameters', numbers);
  const tags = await countFacts(from, 'run_tags', numbers);
  const artifacts = await countFacts(from, 'run_artifacts', numbers);
  const series = await from
    .query<TrackingTables>()
    .selectFrom('metric_latest')
    .select(['run', 'metric'])
    .where(isOneOf(sql.ref('run'), numbers, from.dialect))
    .execute();
  const points = new Map<number, number>();
  for (const key of series) points.set(key.run, (points.get(key.run) ?? 0) + (await countPoints(from, key)));
  return runs.map(({ id, number, deleted_at }) => ({
    id,
    deleted: deleted_at !== null,
    points: points.get(number) ?? 0,
    parameters: parameters.get(number) ?? 0,
    tags: tags.get(number) ?? 0,
    artifacts: artifacts.get(number) ?? 0,
  }));
}

async function countPoints(from: Queryable, key: { run: number; metric: number }): Promise<number> {
  const chunks = await readChunks(from, key, { axis: 'step' });
  const unsealed = await readUnsealed(from, key);
  // Chunks that follow each other hold nothing twice.
  const isPlain =
    unsealed.length === 0 && chunks.every((chunk, index) => index === 0 || chunk.first_step > (chunks[index - 1]?.last_step ?? 0));
  if (isPlain) return chunks.reduce((sum, { count }) => sum + count, 0);
  return mergePoints([...unsealed, ...(await openChunks(from, chunks))]).steps.length;
}
