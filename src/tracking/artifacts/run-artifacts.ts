import type { ChangeContext } from '#kernel/events/index.ts';
import type { RunAddress } from '../runs/runs.ts';
import type { Workshop } from '../service.ts';
import { artifactErrors } from './errors.ts';
import { removeFiles } from './files.ts';
import { type ArtifactHolder, holderLabel } from './holder.ts';

export function runHolder({ run, project }: RunAddress): ArtifactHolder {
  return { kind: 'run', run, project };
}

/**
 * Takes away an artifact or a folder of a run; emits `run.artifact.deleted`.
 * @throws `tracking.artifact-not-found`
 */
export async function deleteArtifact(workshop: Workshop, context: ChangeContext, of: RunAddress & { name: string }): Promise<void> {
  const holder = runHolder(of);
  if (of.name !== '' && (await removeFiles(workshop, context, { holder, name: of.name })) > 0) return;
  throw artifactErrors['artifact-not-found']({ holder: holderLabel(holder), artifact: of.name.slice(0, 200) });
}
