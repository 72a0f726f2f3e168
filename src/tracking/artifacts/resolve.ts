import { findLoggedModel } from '../logged-models/model-store.ts';
import { findRun } from '../runs/run-store.ts';
import type { Workshop } from '../service.ts';
import { checkArtifactPath, meaningOf } from './artifact-path.ts';
import type { ArtifactHolder, ArtifactPlace } from './holder.ts';

/**
 * What a path of the artifact proxy names in a project: a file of a run, of a logged model, of a trace, or one that lies loose. A path
 * that has the form of a run's or a model's below the number of an experiment names that holder also when there is none, so
 * that a client hears of its mistake.
 * @throws `tracking.artifact-path-invalid`
 */
export async function resolveArtifactPath({ database, shared }: Workshop, project: string, path: string): Promise<ArtifactPlace> {
  const checked = checkArtifactPath(path);
  const [folder = '', ...rest] = checked.split('/');
  if (shared.find(folder) !== undefined) return { holder: { kind: 'shared', project, folder }, name: rest.join('/') };
  const meaning = meaningOf(checked);
  const { name } = meaning;
  const loose: ArtifactPlace = { holder: { kind: 'project', project }, name: checked };
  if (meaning.kind === 'project') return loose;
  if (meaning.kind === 'trace') return { holder: { kind: 'trace', project, trace: meaning.id }, name };
  const { id, exact } = meaning;
  if (meaning.kind === 'run') {
    const holder: ArtifactHolder = { kind: 'run', project, run: id };
    return exact || (await findRun(database, id, project)) !== undefined ? { holder, name } : loose;
  }
  const holder: ArtifactHolder = { kind: 'logged-model', project, model: id };
  return exact || (await findLoggedModel(database, project, id)) !== undefined ? { holder, name } : loose;
}
