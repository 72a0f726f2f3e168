import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { Experiment, ExperimentId, ExperimentSummary } from '../model.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { ExperimentRow, TrackingTables } from '../store.ts';

export async function insertExperiment(tx: Queryable, experiment: Omit<ExperimentRow, 'number'>): Promise<number> {
  // `number` is counted up by the database, which the shared table type does not say.
  const query = tx.query<{ experiments: Omit<ExperimentRow, 'number'> & { number?: number } }>();
  const row = await query.insertInto('experiments').values(experiment).returning('number').executeTakeFirstOrThrow();
  return row.number ?? 0;
}

export type ExperimentAddress = { readonly id: string } | { readonly name: string } | { readonly sequence: number };

export async function findExperiment(from: Queryable, project: string, by: ExperimentAddress): Promise<ExperimentRow | undefined> {
  const select = from.query<TrackingTables>().selectFrom('experiments').selectAll().where('project', '=', project);
  if ('id' in by) return select.where('id', '=', by.id).executeTakeFirst();
  if ('name' in by) return select.where('name', '=', by.name).executeTakeFirst();
  return select.where('sequence', '=', by.sequence).executeTakeFirst();
}

/** The inner numbers of those experiments that exist. */
export async function readExperimentNumbers(from: Queryable, project: string, sequences: readonly number[]): Promise<number[]> {
  if (sequences.length === 0) return [];
  const select = from.query<TrackingTables>().selectFrom('experiments').select('number').where('project', '=', project);
  return (await select.where('sequence', 'in', sequences).execute()).map(({ number }) => number);
}

/** The greatest number that an experiment of the project has; 0 when there is none. */
export async function lastSequence(from: Queryable, project: string): Promise<number> {
  const select = from.query<TrackingTables>().selectFrom('experiments').select('sequence').where('project', '=', project);
  return (await select.orderBy('sequence', 'desc').limit(1).executeTakeFirst())?.sequence ?? 0;
}

export async function updateExperiment(
  tx: Queryable,
  number: number,
  change: { name?: string; updated_at: number; deleted_at?: number | null },
): Promise<void> {
  await tx.query<TrackingTables>().updateTable('experiments').set(change).where('number', '=', number).execute();
}

export async function setExperimentTags(
  tx: Queryable,
  experiment: number,
  tags: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const query = tx.query<TrackingTables>();
  for (const [name, value] of Object.entries(tags)) {
    if (value === undefined)
      await query.deleteFrom('experiment_tags').where('experiment', '=', experiment).where('name', '=', name).execute();
    else
      await query
        .insertInto('experiment_tags')
        .values({ experiment, name, value })
        .onConflict((conflict) => conflict.columns(['experiment', 'name']).doUpdateSet({ value }))
        .execute();
  }
}

/** Deletes the runs of an experiment at a time, or brings back those that were deleted with it. */
export async function markRuns(tx: Queryable, experiment: number, deletedAt: number | undefined): Promise<void> {
  const update = tx.query<TrackingTables>().updateTable('runs').where('experiment', '=', experiment);
  if (deletedAt === undefined)
    await update.set({ deleted_at: null, deleted_with_experiment: null }).where('deleted_with_experiment', '=', 1).execute();
  else await update.set({ deleted_at: deletedAt, deleted_with_experiment: 1 }).where('deleted_at', 'is', null).execute();
}

export interface ExperimentPage {
  readonly deleted: boolean;
  /** Only the one of this name. */
  readonly name?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Experiments in the order of their names, with how many runs they have that are not deleted. */
export async function listExperiments(from: Queryable, project: string, page: ExperimentPage): Promise<ExperimentSummary[]> {
  let select = from
    .query<TrackingTables>()
    .selectFrom('experiments')
    .selectAll('experiments')
    .select((column) => [
      column
        .selectFrom('runs')
        .select(sql<number>`count(*)`.as('count'))
        .whereRef('runs.experiment', '=', 'experiments.number')
        .where('runs.deleted_at', 'is', null)
        .as('runs'),
      column
        .selectFrom('runs')
        .select(sql<number | null>`max(started_at)`.as('last'))
        .whereRef('runs.experiment', '=', 'experiments.number')
        .as('last_run_at'),
    ])
    .where('project', '=', project)
    .where('deleted_at', page.deleted ? 'is not' : 'is', null);
  if (page.name !== undefined) select = select.where('name', '=', page.name);
  if (page.after !== undefined) select = select.where('name', '>', page.after);
  const rows = await select.orderBy('name').limit(page.limit).execute();
  const tags = await readExperimentTags(
    from,
    rows.map((row) => row.number),
  );
  return rows.map((row) => ({
    ...experimentOf(row, tags.get(row.number) ?? {}),
    runs: row.runs ?? 0,
    lastRunAt: row.last_run_at ?? undefined,
  }));
}

export async function readExperimentTags(
  from: Queryable,
  experiments: readonly number[],
): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>> {
  const tags = new Map<number, [string, string][]>();
  if (experiments.length === 0) return new Map();
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('experiment_tags')
    .selectAll()
    .where(isOneOf(sql.ref('experiment'), experiments, from.dialect))
    .execute();
  for (const { experiment, name, value } of rows) {
    const known = tags.get(experiment);
    if (known === undefined) tags.set(experiment, [[name, value]]);
    else known.push([name, value]);
  }
  return new Map([...tags].map(([experiment, entries]) => [experiment, Object.fromEntries(entries)]));
}

export function experimentOf(row: ExperimentRow, tags: Readonly<Record<string, string>>): Experiment {
  return {
    id: row.id as ExperimentId,
    project: row.project,
    sequence: row.sequence,
    name: row.name,
    artifactLocation: row.artifact_location ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at ?? undefined,
    tags,
  };
}
