import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { fillCard, measureCard, requiredSections } from './card.ts';
import { registryErrors } from './errors.ts';
import type { InspectedFiles } from './inspect-files.ts';
import { insertDirectory } from './mlmodel/index.ts';
import type { ModelKind, Stage } from './model.ts';
import { tellOfModel, tellOfVersion } from './model-events.ts';
import { environmentOf, type Provenance } from './provenance.ts';
import { findModel, insertModel, type ModelRow, setTags, updateModel, type VersionRow } from './store.ts';
import { insertVersion, type LightVersionRow } from './version-store.ts';

/** The row of a model; created when the project has none of that name. @throws `registry.kinds-differ` */
export async function openModel(change: Change, of: { project: string; name: string; kind: ModelKind; now: number }): Promise<ModelRow> {
  const { project, name, kind, now } = of;
  const existing = await findModel(change, project, name);
  if (existing !== undefined) {
    if (existing.kind !== kind) throw registryErrors['kinds-differ']({ model: name, kind: existing.kind, wanted: kind });
    return existing;
  }
  const model = await insertModel(change, {
    project,
    name,
    kind,
    description: '',
    created_at: now,
    updated_at: now,
    last_version: 0,
    deleted_at: null,
  });
  tellOfModel(change, model, 'created');
  return model;
}

export interface NewVersion {
  readonly provenance: Provenance;
  readonly inspected: InspectedFiles;
  readonly context: ChangeContext;
  readonly now: number;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly source?: string | undefined;
  readonly location?: string | undefined;
  readonly link?: string | undefined;
  readonly loggedModel?: string | undefined;
  /** What another registry says of it; left out for a version that is made here and now. */
  readonly imported?: { readonly version: number; readonly stage: Stage; readonly updatedAt: number } | undefined;
}

/** Writes the next version of a model, or one that another registry numbered, and says so. */
export async function addVersion(change: Change, model: ModelRow, add: NewVersion): Promise<LightVersionRow> {
  const { inspected, provenance, now } = add;
  const row = versionRow(model, add);
  const told = add.imported === undefined ? { updated_at: now } : {};
  await updateModel(change, model.number, { last_version: Math.max(model.last_version, row.version), ...told });
  await insertVersion(change, row, { files: inspected.files, snapshots: provenance.snapshots });
  if (inspected.directory !== undefined) await insertDirectory(change, row, inspected.directory);
  await setTags(change, { model: model.number, version: row.version }, add.tags ?? {});
  const of = { model, version: row.version };
  tellOfVersion(change, of, add.imported === undefined ? 'registered' : 'imported', {
    run: provenance.runId,
    source: add.source,
    loggedModel: add.loggedModel,
    digest: inspected.digest,
    files: Object.fromEntries(inspected.files.map(({ name, digest }) => [name, digest])),
    signature: inspected.signature !== undefined,
    snapshots: provenance.snapshots.map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    codeDigest: provenance.codeDigest,
    environmentDigest: row.environment_digest ?? undefined,
    trainer: (provenance.run?.startedBy ?? add.context.actor).id,
  });
  if (row.card !== null) tellOfCard(change, of, row.card);
  return row;
}

export function tellOfCard(change: Change, of: { model: ModelRow; version: number }, card: string): void {
  const { filledFields, requiredFields } = measureCard(card);
  tellOfVersion(change, of, 'described', { filledFields, requiredFields });
}

function versionRow(model: ModelRow, add: NewVersion): VersionRow {
  const { provenance, inspected, context, now } = add;
  const version = add.imported?.version ?? model.last_version + 1;
  const trainer = provenance.run?.startedBy ?? context.actor;
  const card =
    inspected.card === undefined ? undefined : fillCard(inspected.card, cardFacts(model, version, { provenance, owner: trainer.name }));
  return {
    model: model.number,
    version,
    state: 'registered',
    stage: add.imported?.stage ?? 'None',
    digest: inspected.digest,
    run: provenance.runId ?? '',
    pipeline_run: provenance.pipelineRun ?? null,
    code_digest: provenance.codeDigest ?? null,
    environment_digest: environmentOf(provenance, inspected.files) ?? null,
    git_commit: provenance.commit ?? null,
    trainer: JSON.stringify(trainer),
    description: add.description ?? '',
    registered_at: now,
    updated_at: add.imported?.updatedAt ?? now,
    deleted_at: null,
    source: add.source ?? null,
    location: add.location ?? null,
    link: add.link ?? null,
    logged_model: add.loggedModel ?? null,
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
