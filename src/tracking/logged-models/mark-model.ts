import type { ChangeContext } from '#kernel/events/index.ts';
import { source, type Workshop } from '../service.ts';
import type { ModelAddress } from './change-model.ts';
import { modelSubject } from './create-model.ts';
import { loggedModelErrors } from './errors.ts';
import { getLoggedModel } from './find-model.ts';
import type { LoggedModel } from './model.ts';
import { holdLoggedModel, updateLoggedModel } from './model-store.ts';

/**
 * Deletes a model (it can be restored) or restores it; doing it again changes nothing. Emits `logged-model.deleted` or
 * `logged-model.restored`.
 */
export async function markLoggedModel(
  workshop: Workshop,
  context: ChangeContext,
  { project, model, deleted }: ModelAddress & { deleted: boolean },
): Promise<LoggedModel> {
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await holdLoggedModel(change, project, model);
    if (row === undefined) throw loggedModelErrors['logged-model-not-found']({ model: model.slice(0, 100), project });
    if ((row.deleted_at !== null) === deleted) return;
    const now = workshop.clock.now();
    await updateLoggedModel(change, row.number, { deleted_at: deleted ? now : null, updated_at: now });
    const type = deleted ? 'logged-model.deleted' : 'logged-model.restored';
    change.emit({ type, source, subject: modelSubject(row), data: { model: row.id, name: row.name } });
  });
  return getLoggedModel(workshop, project, model, { deleted: true });
}
