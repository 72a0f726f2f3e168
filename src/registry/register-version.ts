import type { Change, ChangeContext } from '#kernel/events/index.ts';
import type { Run } from '#tracking/index.ts';
import { fillCard, measureCard, requiredSections } from './card.ts';
import { type InspectedFiles, inspectFiles } from './inspect-files.ts';
import type { DataSnapshot, ModelVersion } from './model.ts';
import { checkModelName, checkTags, checkText } from './names.ts';
import { modelSubject, source, versionSubject, type Workshop } from './service.ts';
import { findModel, insertModel, type ModelRow, setTags, updateModel, type VersionRow } from './store.ts';
import { findVersionOfRun, insertVersion, type LightVersionRow } from './version-store.ts';
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

/** What is known about where the version comes from, from the call and its run. */
interface Provenance {
  readonly run: Run | undefined;
  readonly snapshots: readonly DataSnapshot[];
  readonly codeDigest: string | undefined;
  readonly environmentDigest: string | undefined;
  readonly commit: string | undefined;
  readonly pipelineRun: string | undefined;
}

/**
 * Registers the next version of a model; emits `model.version.registered`. The same model file of the same run gives the
 * version that is there already, so asking again is safe.
 * @throws `registry.onnx-invalid`, `registry.evaluation-invalid`, `registry.file-missing`, `registry.no-model-file`,
 * `registry.name-invalid`, `tracking.run-not-found`
 */
export async function registerVersion(workshop: Workshop, context: ChangeContext, input: RegisterVersion): Promise<ModelVersion> {
  checkModelName(input.model);
  checkText('description', input.description ?? '');
  checkTags(input.tags ?? {});
  const { name: project } = await workshop.projects.project(input.project);
  const provenance = await provenanceOf(workshop, { ...input, project });
  const inspected = await inspectFiles(workshop, input.model, input.files);
  const { model, row } = await workshop.events.change({ ...context, project }, async (change) => {
    const found = await openModel(change, { project, name: input.model, now: workshop.clock.now() });
    const key = { model: found.number, run: provenance.run?.id ?? '', digest: inspected.digest };
    const existing = await findVersionOfRun(change, key);
    if (existing !== undefined) return { model: found, row: existing };
    return { model: found, row: await addVersion(change, found, { input, provenance, inspected, context, now: workshop.clock.now() }) };
  });
  return assembleOne(workshop, model, row);
}

async function provenanceOf({ tracking }: Workshop, input: RegisterVersion): Promise<Provenance> {
  const run = input.run === undefined ? undefined : await tracking.run(input.project, input.run);
  const read = (run?.inputs ?? []).flatMap(({ dataset, snapshot, digest }) =>
    snapshot === undefined ? [] : [{ dataset, snapshot, digest }],
  );
  return {
    run,
    snapshots: input.snapshots ?? read,
    codeDigest: input.codeDigest ?? run?.codeDigest,
    environmentDigest: input.environmentDigest ?? run?.environmentDigest,
    commit: input.commit ?? run?.commit,
    pipelineRun: input.pipelineRun ?? run?.pipelineRun,
  };
}

/** The row of a model; created when the project has none of that name. */
export async function openModel(change: Change, of: { project: string; name: string; now: number }): Promise<ModelRow> {
  const existing = await findModel(change, of.project, of.name);
  if (existing !== undefined) return existing;
  const { project, name, now } = of;
  const model = await insertModel(change, { project, name, description: '', created_at: now, updated_at: now, last_version: 0 });
  change.emit({ type: 'model.created', source, subject: modelSubject(project, name), data: { model: name } });
  return model;
}

interface NewVersion {
  readonly input: RegisterVersion;
  readonly provenance: Provenance;
  readonly inspected: InspectedFiles;
  readonly context: ChangeContext;
  readonly now: number;
}

async function addVersion(change: Change, model: ModelRow, add: NewVersion): Promise<LightVersionRow> {
  const { inspected, provenance, now } = add;
  const row = versionRow(model, add);
  await updateModel(change, model.number, { last_version: row.version, updated_at: now });
  await insertVersion(change, row, { files: inspected.files, snapshots: provenance.snapshots });
  await setTags(change, { model: model.number, version: row.version }, add.input.tags ?? {});
  const subject = versionSubject(model.project, model.name, row.version);
  const files = Object.fromEntries(inspected.files.map(({ name, digest }) => [name, digest]));
  const data = {
    model: model.name,
    version: row.version,
    run: provenance.run?.id,
    digest: inspected.digest,
    files,
    signature: inspected.signature !== undefined,
    snapshots: provenance.snapshots.map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    codeDigest: provenance.codeDigest,
    environmentDigest: provenance.environmentDigest,
    trainer: (provenance.run?.startedBy ?? add.context.actor).id,
  };
  change.emit({ type: 'model.version.registered', source, subject, data });
  if (row.card !== null) {
    const card = { model: model.name, version: row.version, filledFields: row.card_filled, requiredFields: row.card_required };
    change.emit({ type: 'model.card.updated', source, subject, data: card });
  }
  return row;
}

function versionRow(model: ModelRow, { input, provenance, inspected, context, now }: NewVersion): VersionRow {
  const version = model.last_version + 1;
  const trainer = provenance.run?.startedBy ?? context.actor;
  const card =
    inspected.card === undefined ? undefined : fillCard(inspected.card, cardFacts(model, version, { provenance, owner: trainer.name }));
  return {
    model: model.number,
    version,
    state: 'registered',
    digest: inspected.digest,
    run: provenance.run?.id ?? '',
    pipeline_run: provenance.pipelineRun ?? null,
    code_digest: provenance.codeDigest ?? null,
    environment_digest: provenance.environmentDigest ?? null,
    git_commit: provenance.commit ?? null,
    trainer: JSON.stringify(trainer),
    description: input.description ?? '',
    registered_at: now,
    signature: inspected.signature === undefined ? null : JSON.stringify(inspected.signature),
    evaluation: inspected.evaluation ?? null,
    card: card ?? null,
    card_filled: card === undefined ? 0 : measureCard(card).filledFields,
    card_required: requiredSections.length,
  };
}

/** What may stand as `{{…}}` in a card that a pipeline wrote, because only the registry knows it. */
function cardFacts(
  model: ModelRow,
  version: number,
  known: { provenance: Provenance; owner: string },
): Readonly<Record<string, string | undefined>> {
  const { run, snapshots, codeDigest, environmentDigest, commit, pipelineRun } = known.provenance;
  return {
    'model.name': model.name,
    'model.version': String(version),
    project: model.project,
    run: run?.id,
    'run.name': run?.name,
    'pipeline.run': pipelineRun,
    'code.digest': codeDigest,
    'environment.digest': environmentDigest,
    commit,
    owner: known.owner,
    snapshots: snapshots.length === 0 ? undefined : snapshots.map(({ dataset, snapshot }) => `${dataset}@${snapshot}`).join(', '),
  };
}
