import type { ChangeContext } from '#kernel/events/index.ts';
import type { Json } from '#kernel/canonical-json.ts';
import type { ExperimentAddress } from '../experiments/experiment-store.ts';
import type { Workshop } from '../service.ts';
import { type NewAssessment, draftAssessment } from './assess.ts';
import { assessmentRow, upsertAssessments } from './assessment-store.ts';
import { checkLabels, checkTraceId, cleanText } from './check-trace.ts';
import { traceErrors } from './errors.ts';
import type { Trace, TraceState } from './model.ts';
import { getTrace } from './read-traces.ts';
import { useColumns } from './use-columns.ts';
import type { TraceRow } from './tables.ts';
import { openTraceExperiment } from './trace-experiment.ts';
import { linkRuns, setLabels } from './label-store.ts';
import { holdTraces, insertTraces, type NewTrace, updateTrace } from './trace-store.ts';
import { parsed, readCost, readTokens } from './translate-span.ts';
import { limits, traceMetadata, traceTag } from './well-known.ts';

/** What a client tells of a trace, apart from its spans. Times are epoch milliseconds, durations milliseconds. */
export interface TraceDraft {
  readonly project: string;
  readonly experiment: ExperimentAddress;
  readonly id: string;
  readonly state: TraceState;
  /** Default now. */
  readonly requestedAt?: number | undefined;
  readonly duration?: number | undefined;
  readonly clientRequestId?: string | undefined;
  readonly requestPreview?: string | undefined;
  readonly responsePreview?: string | undefined;
  /** The tag `mlflow.traceName` is the name of the trace. */
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly assessments?: readonly NewAssessment[] | undefined;
}

/**
 * Keeps a trace, or what is new of one that is there: telling it twice changes nothing, and its spans may have come before.
 * @throws `tracking.trace-invalid`, `tracking.experiment-not-found`, `tracking.experiment-deleted`
 */
export async function recordTrace(workshop: Workshop, context: ChangeContext, draft: TraceDraft): Promise<Trace> {
  const { project } = draft;
  const id = checkTraceId(draft.id);
  checkTimes(draft);
  const tags = checkLabels('tag', draft.tags).filter(([name]) => !derivedTags.has(name));
  const metadata = checkLabels('metadata', draft.metadata).filter(([name]) => name !== traceMetadata.finalized);
  const assessments = (draft.assessments ?? []).map((assessment) => draftAssessment(workshop, assessment));
  const experiment = await openTraceExperiment(workshop, context, { project, by: draft.experiment });
  const row = rowOf(draft, { id, experiment: experiment.number, now: workshop.clock.now() });
  await workshop.database.transaction(async (tx) => {
    await insertTraces(tx, [row]);
    const held = (await holdTraces(tx, project, [id])).get(id);
    if (held === undefined) throw traceErrors['trace-not-found']({ trace: id, project });
    await updateTrace(tx, held.number, changeOf(held, row));
    const label = ([name, value]: readonly [string, string]) => ({ trace: held.number, name, value });
    await setLabels(tx, 'trace_tags', tags.map(label));
    await setLabels(tx, 'trace_metadata', metadata.map(label));
    await upsertAssessments(
      tx,
      assessments.map((assessment) => assessmentRow(held.number, assessment)),
    );
    const run = draft.metadata[traceMetadata.sourceRun];
    if (run !== undefined) await linkRuns(tx, [{ trace: held.number, run }]);
  });
  return getTrace(workshop, project, id);
}

/** A trace that begins now and ends by `endTrace`. */
export async function beginTrace(
  workshop: Workshop,
  context: ChangeContext,
  draft: Omit<TraceDraft, 'id' | 'state' | 'duration'>,
): Promise<Trace> {
  return recordTrace(workshop, context, { ...draft, id: `tr-${workshop.ids.next()}`, state: 'in-progress' });
}

/** @throws `tracking.trace-not-found` */
export async function endTrace(
  workshop: Workshop,
  context: ChangeContext,
  end: Pick<TraceDraft, 'project' | 'id' | 'state' | 'tags' | 'metadata'> & { readonly endedAt: number },
): Promise<Trace> {
  const { id, project, endedAt, ...rest } = end;
  const trace = await getTrace(workshop, project, id);
  const duration = Math.max(0, endedAt - trace.requestedAt);
  return recordTrace(workshop, context, {
    ...rest,
    project,
    id,
    experiment: { id: trace.experimentId },
    requestedAt: trace.requestedAt,
    duration,
  });
}

/** Tags that say what the server knows better: they are made when a trace is read. */
const derivedTags: ReadonlySet<string> = new Set([traceTag.name, traceTag.spansLocation, traceTag.artifactLocation]);

function rowOf(draft: TraceDraft, { id, experiment, now }: { id: string; experiment: number; now: number }): NewTrace {
  const { metadata, tags } = draft;
  const json = (name: string): Json | undefined => parsed(metadata[name]);
  const text = (value: string | undefined, limit: number) => (value === undefined ? null : cleanText(value, limit));
  return {
    id,
    project: draft.project,
    experiment,
    name: text(tags[traceTag.name], limits.name),
    state: draft.state,
    requested_at: draft.requestedAt ?? now,
    duration: draft.duration ?? null,
    client_request_id: text(draft.clientRequestId, limits.name),
    request_preview: text(draft.requestPreview ?? metadata[traceMetadata.inputs], limits.preview),
    response_preview: text(draft.responsePreview ?? metadata[traceMetadata.outputs], limits.preview),
    ...useColumns(readTokens(json(traceMetadata.tokenUsage)), readCost(json(traceMetadata.cost))),
    spans: 0,
    told: 1,
  };
}

/** What the client leaves open stays as it is. */
function changeOf(held: TraceRow, row: NewTrace): Partial<NewTrace> {
  const { id: _, project: __, spans: ___, ...told } = row;
  const keepTokens = row.total_tokens === null && held.total_tokens !== null;
  const keepCost = row.total_cost === null && held.total_cost !== null;
  return {
    ...told,
    name: row.name ?? held.name,
    duration: row.duration ?? held.duration,
    client_request_id: row.client_request_id ?? held.client_request_id,
    request_preview: row.request_preview ?? held.request_preview,
    response_preview: row.response_preview ?? held.response_preview,
    ...(keepTokens ? tokensOf(held) : {}),
    ...(keepCost ? costsOf(held) : {}),
  };
}

function tokensOf({ input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_creation_tokens }: TraceRow): Partial<NewTrace> {
  return { input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_creation_tokens };
}

function costsOf({ input_cost, output_cost, total_cost }: TraceRow): Partial<NewTrace> {
  return { input_cost, output_cost, total_cost };
}

/** The last moment that JavaScript's dates know. */
const latest = 8_640_000_000_000_000;

function checkTimes({ requestedAt, duration }: TraceDraft): void {
  if (requestedAt !== undefined && (!Number.isSafeInteger(requestedAt) || Math.abs(requestedAt) > latest))
    throw traceErrors['trace-invalid']({ what: 'the request time', problem: 'is no whole number of milliseconds' });
  if (duration !== undefined && (!Number.isSafeInteger(duration) || duration < 0))
    throw traceErrors['trace-invalid']({ what: 'the duration', problem: 'is no whole number of milliseconds' });
}
