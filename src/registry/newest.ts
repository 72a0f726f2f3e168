import type { Model, VersionHeader } from './model.ts';
import { newestByStage as selectNewest } from './search-store.ts';
import type { Workshop } from './service.ts';
import { assembleModels, findModels } from './store.ts';
import { assembleHeaders } from './version-parts-store.ts';

/** Those of the names that the project has. */
export async function modelsNamed({ database }: Workshop, project: string, names: readonly string[]): Promise<Model[]> {
  return assembleModels(database, await findModels(database, project, names));
}

/** The newest version in each stage of old clients, by model, oldest first. */
export async function newestByStage(
  { database }: Workshop,
  models: readonly Model[],
): Promise<(model: Pick<Model, 'name'>) => readonly VersionHeader[]> {
  const [first] = models;
  if (first === undefined) return () => [];
  const rows = await findModels(
    database,
    first.project,
    models.map(({ name }) => name),
  );
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const newest = await selectNewest(database, [...byNumber.keys()]);
  const found = newest.flatMap((row) => {
    const model = byNumber.get(row.model);
    return model === undefined ? [] : [{ model, row }];
  });
  const byName = Map.groupBy(await assembleHeaders(database, found), ({ model }) => model);
  return ({ name }) => byName.get(name) ?? [];
}
