import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { LoggedModelRow, LoggedModelTables } from '../logged-models/store.ts';
import { isOneOf } from '../search/compare-store.ts';

type KnownModel = Pick<LoggedModelRow, 'number' | 'id' | 'project' | 'deleted_at'>;

/** Logged models of any project: an id is given once. */
export async function findLoggedModelsAnywhere(from: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, KnownModel>> {
  if (ids.length === 0) return new Map();
  const rows = await from
    .query<LoggedModelTables>()
    .selectFrom('logged_models')
    .select(['number', 'id', 'project', 'deleted_at'])
    .where(isOneOf(sql.ref('id'), ids, from.dialect))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
