import type { Queryable } from '#kernel/database/index.ts';
import type { ModelDirectory } from './model.ts';

interface Tables {
  /** `directory` is JSON. */
  model_directories: { model: number; version: number; directory: string };
}

export async function insertDirectory(tx: Queryable, of: { model: number; version: number }, directory: ModelDirectory): Promise<void> {
  const row = { model: of.model, version: of.version, directory: JSON.stringify(directory) };
  await tx.query<Tables>().insertInto('model_directories').values(row).execute();
}

export async function findDirectory(from: Queryable, of: { model: number; version: number }): Promise<ModelDirectory | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('model_directories')
    .select('directory')
    .where('model', '=', of.model)
    .where('version', '=', of.version)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.directory) as ModelDirectory);
}
