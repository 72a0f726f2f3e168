import type { Queryable } from '#kernel/database/index.ts';
import type { LoggedModelRow, LoggedModelTables } from './store.ts';

export type NewLoggedModel = Omit<LoggedModelRow, 'number'>;

/** A row of `logged_models` with what is said of its experiment. */
export interface LabelledModelRow extends LoggedModelRow {
  readonly experiment_id: string;
  readonly experiment_name: string;
  readonly experiment_sequence: number;
  readonly experiment_location: string | null;
}

export async function insertLoggedModel(tx: Queryable, model: NewLoggedModel): Promise<number> {
  // `number` is counted up by the database, which the shared table type does not say.
  const query = tx.query<{ logged_models: NewLoggedModel & { number?: number } }>();
  return (await query.insertInto('logged_models').values(model).returning('number').executeTakeFirstOrThrow()).number ?? 0;
}

export function selectLoggedModels(from: Queryable) {
  return from
    .query<LoggedModelTables>()
    .selectFrom('logged_models')
    .innerJoin('experiments', 'experiments.number', 'logged_models.experiment')
    .selectAll('logged_models')
    .select([
      'experiments.id as experiment_id',
      'experiments.name as experiment_name',
      'experiments.sequence as experiment_sequence',
      'experiments.artifact_location as experiment_location',
    ]);
}

export async function findLoggedModel(from: Queryable, project: string, id: string): Promise<LabelledModelRow | undefined> {
  return selectLoggedModels(from).where('logged_models.id', '=', id).where('logged_models.project', '=', project).executeTakeFirst();
}

/** The model, held until the transaction ends. */
export async function holdLoggedModel(tx: Queryable, project: string, id: string): Promise<LoggedModelRow | undefined> {
  const select = tx.query<LoggedModelTables>().selectFrom('logged_models').selectAll().where('id', '=', id).where('project', '=', project);
  return (tx.dialect === 'postgres' ? select.forUpdate() : select).executeTakeFirst();
}

export async function updateLoggedModel(tx: Queryable, number: number, change: Partial<NewLoggedModel>): Promise<void> {
  await tx.query<LoggedModelTables>().updateTable('logged_models').set(change).where('number', '=', number).execute();
}

/** Models that wait for their files since before a time, the oldest first. */
export async function findStalePending(from: Queryable, before: number, limit: number): Promise<LoggedModelRow[]> {
  return from
    .query<LoggedModelTables>()
    .selectFrom('logged_models')
    .selectAll()
    .where('state', '=', 'pending')
    .where('created_at', '<', before)
    .where('updated_at', '<', before)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .limit(limit)
    .execute();
}
