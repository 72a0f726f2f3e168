import type { Workshop } from '../service.ts';
import { assembleModels } from './assemble.ts';
import { loggedModelErrors } from './errors.ts';
import type { LoggedModel } from './model.ts';
import { findLoggedModel } from './model-store.ts';

/** @throws `tracking.logged-model-not-found`, also when it is deleted and `deleted` is not set */
export async function getLoggedModel(
  { database }: Workshop,
  project: string,
  id: string,
  { deleted = false }: { deleted?: boolean } = {},
): Promise<LoggedModel> {
  const row = await findLoggedModel(database, project, id);
  const [model] = row === undefined || (row.deleted_at !== null && !deleted) ? [] : await assembleModels(database, project, [row]);
  if (model === undefined) throw loggedModelErrors['logged-model-not-found']({ model: id.slice(0, 100), project });
  return model;
}
