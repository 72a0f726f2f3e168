import type { ChangeContext } from '#kernel/events/index.ts';
import { addVersion, openModel } from './add-version.ts';
import { type InspectedFiles, inspectDirectory } from './inspect-files.ts';
import type { ModelVersion } from './model.ts';
import { kindOf } from './models.ts';
import { checkModelName, checkReference, checkTags, checkText } from './names.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
import { requireVersion, type Workshop } from './service.ts';
import { type ResolvedSource, resolveSource } from './source-files.ts';
import { readDocuments } from './version-store.ts';
import { assembleOne } from './versions.ts';

export interface RegisterFrom {
  readonly project: string;
  /** Created when the project has none of that name. */
  readonly model: string;
  /** `runs:/…`, `models:/…`, `mlflow-artifacts:/…`, or the address of a place that Ripen does not read. */
  readonly source: string;
  /** The run that made it; the source's own unless said. */
  readonly run?: string | undefined;
  readonly loggedModel?: string | undefined;
  readonly link?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Registers the next version of a model from where its files lie; each call makes a version. The files are kept as they are now: what is
 * written there later changes nothing. Emits `model.version.registered`, or `prompt.version.registered` for a prompt, which its tag tells.
 * @throws `registry.source-invalid`, `registry.onnx-invalid`, `registry.model-directory-invalid`, `registry.kinds-differ`,
 * `tracking.run-not-found`
 */
export async function registerFrom(workshop: Workshop, context: ChangeContext, input: RegisterFrom): Promise<ModelVersion> {
  checkModelName(input.model);
  checkText('description', input.description ?? '');
  checkText('link', input.link ?? '');
  if (input.run !== undefined) checkReference('a run', input.run);
  if (input.loggedModel !== undefined) checkReference('a logged model', input.loggedModel);
  const tags = checkTags(input.tags ?? {});
  const { name: project } = await workshop.projects.project(input.project);
  const kind = kindOf(tags);
  const resolved = await resolveSource(workshop, { ...input, project });
  const { provenance, inspected } = await readSource(workshop, project, resolved);
  const { model, row } = await workshop.events.change({ ...context, project }, async (change) => {
    const now = workshop.clock.now();
    const found = await openModel(change, { project, name: input.model, kind, now });
    const { source, location, loggedModel } = resolved;
    const { description, link } = input;
    const about = { source, location, loggedModel, description, link, tags };
    return { model: found, row: await addVersion(change, found, { provenance, inspected, context, now, ...about }) };
  });
  const version = await assembleOne(workshop, model, row);
  if (version.loggedModel !== undefined && kind === 'model') await tellLoggedModel(workshop, context, version, version.loggedModel);
  return version;
}

export async function readSource(
  workshop: Workshop,
  project: string,
  { source, files, run, copied, claimed }: ResolvedSource,
): Promise<{ provenance: Provenance; inspected: InspectedFiles }> {
  if (copied === undefined)
    return {
      provenance: await provenanceOf(workshop, { project, run, claimed }),
      inspected: await inspectDirectory(workshop, files, source),
    };
  const { snapshots, codeDigest, environmentDigest, commit, pipelineRun, signature, digest } = copied;
  const { row } = await requireVersion(workshop.database, { project, model: copied.model, version: copied.version });
  const { card, evaluation } = await readDocuments(workshop.database, row);
  const known = { snapshots, codeDigest, environmentDigest, commit, pipelineRun };
  return {
    provenance: await provenanceOf(workshop, { project, run, claimed, ...known }),
    inspected: {
      ...(await inspectDirectory(workshop, files, source)),
      digest,
      signature,
      card: card ?? undefined,
      evaluation: evaluation ?? undefined,
    },
  };
}

const versionsTag = 'mlflow.modelVersions';

/** The logged model tells in a tag which versions were made of it, as MLflow clients look for it. */
async function tellLoggedModel({ tracking }: Workshop, context: ChangeContext, version: ModelVersion, id: string): Promise<void> {
  const { project, model: name, version: number } = version;
  const { tags } = await tracking.loggedModel(project, id);
  const list = [...parseList(tags[versionsTag]), { name, version: number }];
  await tracking.tagLoggedModel(context, { project, model: id, tags: { [versionsTag]: JSON.stringify(list) } });
}

function parseList(text: string | undefined): unknown[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    // Somebody else's text in this tag is replaced: it has one meaning.
    return [];
  }
}
