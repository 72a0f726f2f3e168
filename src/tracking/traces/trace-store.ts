import type { Queryable } from '#kernel/database/index.ts';
import { readAssessments } from './assessment-store.ts';
import { readLabels, readRuns } from './label-store.ts';
import type { Trace, TraceId, TraceState } from './model.ts';
import { costOf, tokensOf } from './use-columns.ts';
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
