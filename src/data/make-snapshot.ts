import { canonicalJson } from '#kernel/canonical-json.ts';
import type { Change } from '#kernel/events/index.ts';
import { digestOf } from '#kernel/objects/index.ts';
import { ensureDataset } from './catalogue.ts';
import type { DataDeps } from './deps.ts';
import type { Inspection } from './inspect-load.ts';
import type { Load, Published } from './load.ts';
import type { ContractOutcome, Snapshot } from './model.ts';
import { findLoad, findSnapshot, insertSnapshot } from './snapshot-store.ts';
import type { Profile } from './table/model.ts';
import { profileTable } from './table/profile.ts';
import { oneFileRelation } from './table/relation.ts';
import { diffSchemas, schemaDigest } from './table/schema.ts';

/** What was decided about a load. */
export interface Decided {
  readonly parent: Snapshot | undefined;
  readonly inspection: Extract<Inspection, { accepted: true }>;
  readonly outcome: ContractOutcome | undefined;
}

/** Puts the blobs in their place and writes down what the snapshot will be. Blobs without a row are harmless. */
export async function prepareSnapshot({ kernel }: DataDeps, load: Load, { parent, inspection, outcome }: Decided): Promise<Snapshot> {
  const { analytics, clock, objects } = kernel;
  const { project, dataset, mode, producer } = load.request;
  const earlier = parent && (JSON.parse((await objects.read(parent.profile)).toString('utf8')) as Profile);
  const profile = await profileTable(analytics, { relation: oneFileRelation(inspection.path), schema: inspection.loaded }, earlier);
  const stored = await objects.putFile(inspection.path);
  const added = { digest: stored.digest, rows: inspection.rows, bytes: stored.size };
  const files = mode === 'append' && parent !== undefined ? [...parent.files, added] : [added];
  return {
    project,
    dataset,
    number: (parent?.number ?? 0) + 1,
    digest: digestOf(canonicalJson(files.map((each) => each.digest))),
    parent: parent?.number,
    mode,
    rows: files.reduce((sum, each) => sum + each.rows, 0),
    addedRows: inspection.rows,
    files,
    schema: inspection.schema,
    schemaDigest: schemaDigest(inspection.schema),
    schemaChanges: parent === undefined ? [] : diffSchemas(parent.schema, inspection.schema),
    profile: (await objects.put(JSON.stringify(profile))).digest,
    contract: outcome,
    producer,
    source: load.source,
    publishedAt: clock.now(),
    publishedBy: load.context.actor,
  };
}

/** Writes the row and the event; undefined when the parent is no longer the newest snapshot. */
export async function placeSnapshot(change: Change, snapshot: Snapshot): Promise<Published | undefined> {
  const { project, dataset, producer, source, contract } = snapshot;
  const known = await findLoad(change, { project, dataset, producer, source: source.digest });
  if (known !== undefined) return { snapshot: known, created: false };
  const newest = await findSnapshot(change, project, dataset);
  if (newest?.number !== snapshot.parent) return undefined;
  await ensureDataset(change, { project, name: dataset, now: snapshot.publishedAt });
  await insertSnapshot(change, snapshot);
  change.emit({
    type: 'dataset.snapshot.published',
    source: 'data',
    subject: `projects/${project}/datasets/${dataset}/snapshots/${snapshot.number}`,
    data: {
      dataset,
      snapshot: snapshot.number,
      digest: snapshot.digest,
      rows: snapshot.rows,
      addedRows: snapshot.addedRows,
      files: snapshot.files.length,
      schemaDigest: snapshot.schemaDigest,
      contract: contract && {
        digest: contract.digest,
        passed: contract.passed,
        rules: contract.rules.length,
        failed: contract.rules.filter((rule) => !rule.passed).length,
      },
      producer: { ...producer },
    },
  });
  return { snapshot, created: true };
}
