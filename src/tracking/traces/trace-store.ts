import type { Queryable } from '#kernel/database/index.ts';
import { sortKey } from '../store.ts';
import { readAssessments } from './assessment-store.ts';
import type { Trace, TraceId, TraceState } from './model.ts';
import { costOf, tokensOf } from './span-store.ts';
import type { TraceRow, TraceTables } from './tables.ts';

export type NewTrace = Omit<TraceRow, 'number'>;

/** A row of `traces` with the id and name of its experiment. */
export type LabelledTraceRow = TraceRow & {
  readonly experiment_id: string;
  readonly experiment_name: string;
  readonly experiment_sequence: number;
  readonly experiment_location: string | null;
};

const rowsAtOnce = 500;

/** Adds the traces that are not there yet. */
export async function insertTraces(tx: Queryable, traces: readonly NewTrace[]): Promise<void> {
  for (let start = 0; start < traces.length; start += rowsAtOnce) {
    // `number` is counted up by the database, which the shared table type does not say.
    await tx
      .query<{ traces: NewTrace & { number?: number } }>()
      .insertInto('traces')
      .values(traces.slice(start, start + rowsAtOnce))
      .onConflict((conflict) => conflict.columns(['project', 'id']).doNothing())
      .execute();
  }
}

/** The traces of those ids, held until the transaction ends; always in one order, so that two uploads cannot block each other. */
export async function holdTraces(tx: Queryable, project: string, ids: readonly string[]): Promise<ReadonlyMap<string, TraceRow>> {
  const held = new Map<string, TraceRow>();
  const sorted = [...ids].toSorted();
  for (let start = 0; start < sorted.length; start += rowsAtOnce) {
    const select = tx
      .query<TraceTables>()
      .selectFrom('traces')
      .selectAll()
      .where('project', '=', project)
      .where('id', 'in', sorted.slice(start, start + rowsAtOnce))
      .orderBy('id');
    for (const row of await (tx.dialect === 'postgres' ? select.forUpdate() : select).execute()) held.set(row.id, row);
  }
  return held;
}

export async function updateTrace(tx: Queryable, number: number, change: Partial<NewTrace>): Promise<void> {
  await tx.query<TraceTables>().updateTable('traces').set(change).where('number', '=', number).execute();
}

export type LabelTable = 'trace_tags' | 'trace_metadata';

export interface Label {
  readonly trace: number;
  readonly name: string;
  readonly value: string;
}

/** Sets tags or metadata; with `keep` only those that have no value yet. */
export async function setLabels(tx: Queryable, table: LabelTable, labels: readonly Label[], keep = false): Promise<void> {
  for (let start = 0; start < labels.length; start += rowsAtOnce) {
    const rows = labels.slice(start, start + rowsAtOnce).map((label) => ({ ...label, sort_key: sortKey(label.value) }));
    await tx
      .query<TraceTables>()
      .insertInto(table)
      .values(rows)
      .onConflict((conflict) => {
        const same = conflict.columns(['trace', 'name']);
        return keep
          ? same.doNothing()
          : same.doUpdateSet((set) => ({ value: set.ref('excluded.value'), sort_key: set.ref('excluded.sort_key') }));
      })
      .execute();
  }
}

export async function removeTag(tx: Queryable, trace: number, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .query<TraceTables>()
    .deleteFrom('trace_tags')
    .where('trace', '=', trace)
    .where('name', '=', name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function linkRuns(tx: Queryable, links: readonly { readonly trace: number; readonly run: string }[]): Promise<void> {
  for (let start = 0; start < links.length; start += rowsAtOnce) {
    await tx
      .query<TraceTables>()
      .insertInto('trace_runs')
      .values(links.slice(start, start + rowsAtOnce))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export async function insertPrompts(tx: Queryable, trace: number, prompts: readonly { readonly name: string; readonly version: string }[]) {
  if (prompts.length === 0) return;
  await tx
    .query<TraceTables>()
    .insertInto('trace_prompts')
    .values(prompts.map((prompt) => ({ ...prompt, trace })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readPrompts(from: Queryable, trace: number): Promise<{ name: string; version: string }[]> {
  return from
    .query<TraceTables>()
    .selectFrom('trace_prompts')
    .select(['name', 'version'])
    .where('trace', '=', trace)
    .orderBy('name')
    .orderBy('version')
    .execute();
}

export function selectTraces(from: Queryable) {
  return from
    .query<TraceTables>()
    .selectFrom('traces')
    .innerJoin('experiments', 'experiments.number', 'traces.experiment')
    .selectAll('traces')
    .select([
      'experiments.id as experiment_id',
      'experiments.name as experiment_name',
      'experiments.sequence as experiment_sequence',
      'experiments.artifact_location as experiment_location',
    ]);
}

/** Rows of the given ids, in any order; ids without a trace are left out. */
export async function findTraceRows(from: Queryable, project: string, ids: readonly string[]): Promise<LabelledTraceRow[]> {
  if (ids.length === 0) return [];
  return selectTraces(from).where('traces.project', '=', project).where('traces.id', 'in', ids).execute();
}

/** Whole traces in the order of the rows. */
export async function assembleTraces(from: Queryable, rows: readonly LabelledTraceRow[]): Promise<Trace[]> {
  const numbers = rows.map((row) => row.number);
  const tags = await readLabels(from, 'trace_tags', numbers);
  const metadata = await readLabels(from, 'trace_metadata', numbers);
  const assessments = await readAssessments(from, numbers);
  const runs = await readRuns(from, numbers);
  return rows.map((row) => ({
    id: row.id as TraceId,
    project: row.project,
    experimentId: row.experiment_id,
    experiment: row.experiment_name,
    experimentNumber: row.experiment_sequence,
    experimentLocation: row.experiment_location ?? undefined,
    name: row.name ?? undefined,
    state: row.state as TraceState,
    requestedAt: row.requested_at,
    duration: row.duration ?? undefined,
    clientRequestId: row.client_request_id ?? undefined,
    requestPreview: row.request_preview ?? undefined,
    responsePreview: row.response_preview ?? undefined,
    tokens: tokensOf(row),
    cost: costOf(row),
    told: row.told === 1,
    spans: row.spans,
    tags: tags.get(row.number) ?? {},
    metadata: metadata.get(row.number) ?? {},
    assessments: assessments.get(row.number) ?? [],
    runs: runs.get(row.number) ?? [],
  }));
}

async function readLabels(
  from: Queryable,
  table: LabelTable,
  traces: readonly number[],
): Promise<ReadonlyMap<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>();
  if (traces.length === 0) return found;
  const rows = await from
    .query<TraceTables>()
    .selectFrom(table)
    .select(['trace', 'name', 'value'])
    .where('trace', 'in', traces)
    .orderBy('trace')
    .orderBy('name')
    .execute();
  for (const { trace, name, value } of rows) {
    // Without a prototype, so that a label may have any name. TypeScript gives Object.create the type any.
    const labels = found.get(trace) ?? (Object.create(null) as Record<string, string>);
    labels[name] = value;
    found.set(trace, labels);
  }
  return found;
}

async function readRuns(from: Queryable, traces: readonly number[]): Promise<ReadonlyMap<number, string[]>> {
  const found = new Map<number, string[]>();
  if (traces.length === 0) return found;
  const rows = await from.query<TraceTables>().selectFrom('trace_runs').selectAll().where('trace', 'in', traces).orderBy('run').execute();
  for (const { trace, run } of rows) found.set(trace, [...(found.get(trace) ?? []), run]);
  return found;
}

const children = ['trace_tags', 'trace_metadata', 'trace_spans', 'trace_assessments', 'trace_runs', 'trace_prompts'] as const;

export async function deleteTraceRows(tx: Queryable, traces: readonly number[]): Promise<void> {
  if (traces.length === 0) return;
  const query = tx.query<TraceTables>();
  for (const table of children) await query.deleteFrom(table).where('trace', 'in', traces).execute();
  await query.deleteFrom('traces').where('number', 'in', traces).execute();
}

export interface OldTraces {
  readonly project: string;
  readonly experiment?: number | undefined;
  /** Epoch milliseconds, inclusive. */
  readonly until: number;
  readonly limit: number;
}

/** The oldest traces until a moment. */
export async function findOldTraces(from: Queryable, old: OldTraces): Promise<{ number: number; id: string; experiment: number }[]> {
  let select = from
    .query<TraceTables>()
    .selectFrom('traces')
    .select(['number', 'id', 'experiment'])
    .where('project', '=', old.project)
    .where('requested_at', '<=', old.until);
  if (old.experiment !== undefined) select = select.where('experiment', '=', old.experiment);
  return select.orderBy('requested_at').orderBy('number').limit(old.limit).execute();
}
