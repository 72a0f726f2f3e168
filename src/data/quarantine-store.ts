import type { Queryable } from '#kernel/database/index.ts';
import type { QuarantinedLoad } from './model.ts';

interface Tables {
  quarantined_loads: { id: string; project: string; dataset: string; quarantined_at: number; record: string };
}

export async function insertQuarantine(tx: Queryable, load: QuarantinedLoad): Promise<void> {
  const { id, project, dataset, quarantinedAt } = load;
  const row = { id, project, dataset, quarantined_at: quarantinedAt, record: JSON.stringify(load) };
  await tx.query<Tables>().insertInto('quarantined_loads').values(row).execute();
}

export async function listQuarantine(
  from: Queryable,
  { project, dataset }: { project: string; dataset: string },
  limit: number,
): Promise<QuarantinedLoad[]> {
  const select = from
    .query<Tables>()
    .selectFrom('quarantined_loads')
    .select('record')
    .where('project', '=', project)
    .where('dataset', '=', dataset);
  const rows = await select.orderBy('quarantined_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toQuarantine);
}

/** How many refused loads each dataset of the project has, in all. */
export async function countQuarantine(from: Queryable, project: string): Promise<ReadonlyMap<string, number>> {
  const rows = await from
    .query<Tables>()
    .selectFrom('quarantined_loads')
    .select(({ fn }) => ['dataset', fn.countAll<number>().as('count')])
    .where('project', '=', project)
    .groupBy('dataset')
    .execute();
  return new Map(rows.map(({ dataset, count }) => [dataset, count]));
}

export async function findQuarantine(
  from: Queryable,
  { project, dataset }: { project: string; dataset: string },
  id: string,
): Promise<QuarantinedLoad | undefined> {
  const select = from.query<Tables>().selectFrom('quarantined_loads').select('record').where('id', '=', id);
  const row = await select.where('project', '=', project).where('dataset', '=', dataset).executeTakeFirst();
  return row && toQuarantine(row);
}

function toQuarantine({ record }: { record: string }): QuarantinedLoad {
  // insertQuarantine wrote it.
  return JSON.parse(record) as QuarantinedLoad;
}
