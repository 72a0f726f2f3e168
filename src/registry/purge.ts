import { systemActor } from '#kernel/events/index.ts';
import { deletedModels, deletedVersions, eraseRows } from './bin-store.ts';
import { tellOfModel, tellOfVersion } from './model-events.ts';
import type { Workshop } from './service.ts';
import { findVersion } from './version-store.ts';

const day = 86_400_000;

/**
 * Takes away for good what has been in the recycle bin longer than the retention; emits `model.purged` and `model.version.purged`.
 * Each in a change of its own, so that breaking off loses nothing. @returns how many models and versions went
 */
export async function purge(workshop: Workshop, signal?: AbortSignal): Promise<{ models: number; versions: number }> {
  const before = workshop.clock.now() - workshop.retentionDays * day;
  const models = await deletedModels(workshop.database, { before });
  for (const { number, project } of models) {
    signal?.throwIfAborted();
    await workshop.events.change({ actor: systemActor, project }, async (change) => {
      const model = (await deletedModels(change, { project, before })).find((row) => row.number === number);
      // Restored meanwhile.
      if (model === undefined) return;
      await eraseRows(change, { model: number });
      tellOfModel(change, model, 'purged');
    });
  }
  const versions = await deletedVersions(workshop.database, { before });
  for (const { model, row } of versions) {
    signal?.throwIfAborted();
    await workshop.events.change({ actor: systemActor, project: model.project }, async (change) => {
      const present = await findVersion(change, model.number, row.version);
      if (present?.deleted_at == null || present.deleted_at >= before) return;
      await eraseRows(change, { model: model.number, version: row.version });
      tellOfVersion(change, { model, version: row.version }, 'purged');
    });
  }
  return { models: models.length, versions: versions.length };
}
