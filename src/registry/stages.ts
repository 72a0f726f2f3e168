import type { ChangeContext } from '#kernel/events/index.ts';
import { changeVersion } from './change-version.ts';
import { registryErrors } from './errors.ts';
import { type ModelVersion, type Stage, stages } from './model.ts';
import { tellOfVersion } from './model-events.ts';
import type { VersionAddress, Workshop } from './service.ts';
import { updateVersion, versionsInStage } from './version-store.ts';

/** Letter case does not count. @throws `registry.stage-invalid` */
export function parseStage(text: string): Stage {
  const stage = stages.find((known) => known.toLowerCase() === text.toLowerCase());
  if (stage === undefined) throw registryErrors['stage-invalid']({ stage: text.slice(0, 100), stages });
  return stage;
}

/**
 * Moves a version to a stage of old MLflow clients, with `archiveOthers` every other version that is there to Archived; emits
 * `model.version.stage-changed` for each. @throws `registry.stage-invalid`, `registry.stage-not-active`
 */
export async function setStage(
  workshop: Workshop,
  context: ChangeContext,
  move: VersionAddress & { stage: string; archiveOthers?: boolean | undefined },
): Promise<ModelVersion> {
  const stage = parseStage(move.stage);
  const archiveOthers = move.archiveOthers === true;
  if (archiveOthers && (stage === 'None' || stage === 'Archived')) throw registryErrors['stage-not-active']({ stage });
  return changeVersion(workshop, context, move, async (change, { model, row }) => {
    const others = archiveOthers ? await versionsInStage(change, model.number, stage) : [];
    for (const version of others) {
      if (version === row.version) continue;
      await updateVersion(change, { model: model.number, version }, { stage: 'Archived', updated_at: workshop.clock.now() });
      tellOfVersion(change, { model, version }, 'staged', { from: stage, to: 'Archived' });
    }
    if (row.stage === stage) return;
    await updateVersion(change, row, { stage });
    tellOfVersion(change, { model, version: row.version }, 'staged', { from: row.stage, to: stage });
  });
}
