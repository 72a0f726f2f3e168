import type { Queryable } from '#kernel/database/index.ts';
import type { RegistryTables } from './store.ts';

export async function findAlias(from: Queryable, model: number, alias: string): Promise<number | undefined> {
  const row = await from
    .query<RegistryTables>()
    .selectFrom('model_aliases')
    .select('version')
    .where('model', '=', model)
    .where('alias', '=', alias)
    .executeTakeFirst();
  return row?.version;
}

export async function listAliases(from: Queryable, of: { model: number; version: number }): Promise<string[]> {
  const rows = await from
    .query<RegistryTables>()
    .selectFrom('model_aliases')
    .select('alias')
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .orderBy('alias')
    .execute();
  return rows.map((row) => row.alias);
}

export async function writeAlias(tx: Queryable, of: { model: number; alias: string }, version: number | undefined): Promise<void> {
  const query = tx.query<RegistryTables>();
  if (version === undefined) await query.deleteFrom('model_aliases').where('model', '=', of.model).where('alias', '=', of.alias).execute();
  else
    await query
      .insertInto('model_aliases')
      .values({ ...of, version })
      .onConflict((conflict) => conflict.columns(['model', 'alias']).doUpdateSet({ version }))
      .execute();
}
