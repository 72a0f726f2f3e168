import { systemActor } from '#kernel/events/index.ts';
import type { Workshop } from '../service.ts';
import { editLoggedModel } from './change-model.ts';
import { findStalePending } from './model-store.ts';

/** How long the files of a model may take: a client that died cannot say so. */
export const pendingLastsMs = 24 * 60 * 60 * 1000;
const atOnce = 100;

/** Marks models that have waited for their files for more than a day as upload-failed; says how many. */
export async function failStaleModels(workshop: Workshop): Promise<number> {
  let failed = 0;
  for (;;) {
    const stale = await findStalePending(workshop.database, workshop.clock.now() - pendingLastsMs, atOnce);
    for (const { project, id } of stale) {
      await editLoggedModel(workshop, { actor: systemActor }, { project, model: id, state: 'upload-failed' });
      failed += 1;
    }
    if (stale.length < atOnce) return failed;
  }
}
