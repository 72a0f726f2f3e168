import type { ChangeContext } from '#kernel/events/index.ts';
import { addVersion, openModel } from './add-version.ts';
import { inspectFiles } from './inspect-files.ts';
import type { DataSnapshot, ModelVersion } from './model.ts';
import { checkModelName, checkTags, checkText } from './names.ts';
import { provenanceOf } from './provenance.ts';
import type { Workshop } from './service.ts';
import { findVersionOfRun } from './version-store.ts';
import { assembleOne } from './versions.ts';

export interface RegisterVersion {
  readonly project: string;
  /** Created when the project has none of that name. */
  readonly model: string;
  /** The run that made it; what is left out below is taken from it. */
  readonly run?: string | undefined;
  /** Name to digest of a stored blob; `model.onnx`, `evaluation.json` and `card.md` have a meaning. */
  readonly files: Readonly<Record<string, string>>;
  readonly snapshots?: readonly DataSnapshot[] | undefined;
  readonly codeDigest?: string | undefined;
  readonly environmentDigest?: string | undefined;
  readonly commit?: string | undefined;
  readonly pipelineRun?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Registers the next version of a model; emits `model.version.registered`. The same model file of the same run gives the
 * version that is there already, so asking again is safe.
 * @throws `registry.onnx-invalid`, `registry.evaluation-invalid`, `registry.file-missing`, `registry.no-model-file`,
 * `registry.name-invalid`, `registry.kinds-differ`, `tracking.run-not-found`
 */
export async function registerVersion(workshop: Workshop, context: ChangeContext, input: RegisterVersion): Promise<ModelVersion> {
  checkModelName(input.model);
  checkText('description', input.description ?? '');
  checkTags(input.tags ?? {});
  const { name: project } = await workshop.projects.project(input.project);
  const provenance = await provenanceOf(workshop, { ...input, project });
  const inspected = await inspectFiles(workshop, input.model, input.files);
  const { description, tags } = input;
  const { model, row } = await workshop.events.change({ ...context, project }, async (change) => {
    const now = workshop.clock.now();
    const found = await openModel(change, { project, name: input.model, kind: 'model', now });
    const existing = await findVersionOfRun(change, { model: found.number, run: provenance.run?.id ?? '', digest: inspected.digest });
    if (existing !== undefined) return { model: found, row: existing };
    return { model: found, row: await addVersion(change, found, { provenance, inspected, context, now, description, tags }) };
  });
  return assembleOne(workshop, model, row);
}
