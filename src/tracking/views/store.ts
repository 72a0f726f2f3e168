import type { Queryable } from '#kernel/database/index.ts';

export interface RunViewRow {
  id: string;
  project: string;
  name: string;
  shared: number;
  /** Id of the actor that made it. */
  owner: string;
  owner_name: string;
  /** JSON of what the table shows. */
  definition: string;
  created_at: number;
  updated_at: number;
}

interface Tables {
  run_views: RunViewRow;
}

/** The views that this owner sees: the shared ones and the owner's own, by name. */
export async function listViews(from: Queryable, project: string, owner: string): Promise<RunViewRow[]> {
  const select = from
    .query<Tables>()
    .selectFrom('run_views')
    .selectAll()
    .where('project', '=', project)
    .where((test) => test.or([test('shared', '=', 1), test('owner', '=', owner)]));
  return select.orderBy('name').orderBy('id').execute();
}

export async function findView(from: Queryable, project: string, id: string): Promise<RunViewRow | undefined> {
  return from.query<Tables>().selectFrom('run_views').selectAll().where('project', '=', project).where('id', '=', id).executeTakeFirst();
}

export async function findViewByName(
  from: Queryable,
  { project, owner, name }: Pick<RunViewRow, 'project' | 'owner' | 'name'>,
): Promise<RunViewRow | undefined> {
  const select = from.query<Tables>().selectFrom('run_views').selectAll().where('project', '=', project);
  return select.where('owner', '=', owner).where('name', '=', name).executeTakeFirst();
}

export async function countViews(from: Queryable, project: string, owner: string): Promise<number> {
  const select = from
    .query<Tables>()
    .selectFrom('run_views')
    .select((row) => row.fn.countAll<number>().as('count'));
  return (await select.where('project', '=', project).where('owner', '=', owner).executeTakeFirstOrThrow()).count;
}

export async function insertView(tx: Queryable, row: RunViewRow): Promise<void> {
  await tx.query<Tables>().insertInto('run_views').values(row).execute();
}

export async function updateView(tx: Queryable, id: string, change: Partial<RunViewRow>): Promise<void> {
  await tx.query<Tables>().updateTable('run_views').set(change).where('id', '=', id).execute();
}

export async function deleteViewRow(tx: Queryable, id: string): Promise<void> {
  await tx.query<Tables>().deleteFrom('run_views').where('id', '=', id).execute();
}
