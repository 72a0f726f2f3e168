import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '#kernel/canonical-json.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Workshop } from '../service.ts';
import { changeDataset } from './datasets.ts';
import { evaluationDatasetErrors } from './errors.ts';
import { growSchema, type RecordDraft, type RecordSchema } from './model.ts';
import { deleteRecords, findRecords, insertRecords, recordOf, updateRecord } from './record-store.ts';
import type { RecordRow } from './tables.ts';

const mostRecords = 50_000;

/** The tag by which clients say whose record it is. */
const userTag = 'mlflow.user';

/**
 * Adds records; one with the inputs of another changes that one: outputs are replaced, expectations and tags are added to. All or nothing;
 * doing it again changes nothing but times. Emits `evaluation-dataset.updated`.
 * @throws `tracking.evaluation-dataset-not-found`, `tracking.too-many-evaluation-records`
 */
export async function mergeRecords(
  workshop: Workshop,
  context: ChangeContext,
  { project, dataset: id, records }: { project: string; dataset: string; records: readonly RecordDraft[] },
): Promise<{ inserted: number; updated: number }> {
  if (records.length > mostRecords)
    throw evaluationDatasetErrors['too-many-evaluation-records']({ count: records.length, limit: mostRecords });
  const drafts = records.map((draft) => ({ draft, digest: digestOf(draft) }));
  const user = records.findLast((record) => record.tags?.[userTag] !== undefined)?.tags?.[userTag] ?? context.actor.name;
  return changeDataset(workshop, context, { project, id }, async (change, dataset) => {
    const known = await findRecords(change, dataset.number, [...new Set(drafts.map(({ digest }) => digest))]);
    const now = workshop.clock.now();
    const rows = new Map<string, RecordRow>();
    let updated = 0;
    for (const { draft, digest } of drafts) {
      const base = rows.get(digest) ?? known.get(digest);
      if (base !== undefined) updated += 1;
      const by = draft.tags?.[userTag] ?? (base === undefined ? context.actor.name : undefined);
      const fresh = () => newRow({ dataset: dataset.number, id: `dr-${workshop.ids.next()}`, digest, now, by }, draft);
      rows.set(digest, base === undefined ? fresh() : merge(base, draft, { now, by }));
    }
    const fresh = [...rows.values()].filter(({ number }) => number === 0);
    await insertRecords(change, fresh);
    for (const row of rows.values()) if (row.number !== 0) await updateRecord(change, row);
    const schema = dataset.record_schema === null ? undefined : (JSON.parse(dataset.record_schema) as RecordSchema);
    return {
      result: { inserted: fresh.length, updated },
      change: {
        record_schema: JSON.stringify(growSchema(schema, records)),
        records: dataset.records + fresh.length,
        updated_by: user,
      },
      data: { inserted: fresh.length, updated },
    };
  });
}

/** Takes records away and says how many; emits `evaluation-dataset.updated`. @throws `tracking.evaluation-dataset-not-found` */
export async function removeRecords(
  workshop: Workshop,
  context: ChangeContext,
  { project, dataset: id, records }: { project: string; dataset: string; records: readonly string[] },
): Promise<number> {
  return changeDataset(workshop, context, { project, id }, async (change, dataset) => {
    const deleted = await deleteRecords(change, dataset.number, records);
    return { result: deleted, change: { records: dataset.records - deleted }, data: { deleted } };
  });
}

function digestOf({ inputs }: RecordDraft): string {
  return createHash('sha256').update(canonicalJson(inputs)).digest('hex');
}

/** The number 0 says that the database has not counted it yet. */
function newRow(
  { dataset, id, digest, now, by }: { dataset: number; id: string; digest: string; now: number; by: string | undefined },
  draft: RecordDraft,
): RecordRow {
  return {
    number: 0,
    dataset,
    id,
    input_digest: digest,
    inputs: JSON.stringify(draft.inputs),
    outputs: jsonOrNull(draft.outputs ?? undefined),
    expectations: jsonOrNull(draft.expectations),
    tags: JSON.stringify(draft.tags ?? {}),
    source: draft.source === undefined ? null : JSON.stringify(draft.source),
    created_at: now,
    updated_at: now,
    created_by: by ?? null,
    updated_by: by ?? null,
  };
}

function merge(row: RecordRow, draft: RecordDraft, { now, by }: { now: number; by: string | undefined }): RecordRow {
  const { expectations, tags } = recordOf(row);
  return {
    ...row,
    outputs: draft.outputs === undefined ? row.outputs : jsonOrNull(draft.outputs ?? undefined),
    expectations: draft.expectations === undefined ? row.expectations : JSON.stringify({ ...expectations, ...draft.expectations }),
    tags: JSON.stringify({ ...tags, ...draft.tags }),
    updated_at: now,
    updated_by: by ?? row.updated_by,
  };
}

function jsonOrNull(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
