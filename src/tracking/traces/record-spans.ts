import type { ChangeContext } from '#kernel/events/index.ts';
import type { Queryable } from '#kernel/database/index.ts';
import type { ExperimentAddress } from '../experiments/experiment-store.ts';
import type { Workshop } from '../service.ts';
import { checkLabels, checkSpan, checkTraceId, cleanText } from './check-trace.ts';
import { traceErrors } from './errors.ts';
import type { Span } from './model.ts';
import { openTraceExperiment } from './trace-experiment.ts';
import { spanRow } from './span-row.ts';
import { readUse, upsertSpans } from './span-store.ts';
import { useColumns } from './use-columns.ts';
import { type SpanSummary, sumUse, summariseSpans, type UseNode } from './summarise-spans.ts';
import type { TraceRow } from './tables.ts';
import { type Label, linkRuns, setLabels } from './label-store.ts';
import { holdTraces, insertTraces, type NewTrace, updateTrace } from './trace-store.ts';
import { factsOf, translateSpan, writeCost, writeTokens } from './translate-span.ts';
import { limits, traceMetadata, traceTag } from './well-known.ts';

export interface SpanUpload {
  readonly project: string;
  /** Of traces that are not there yet; a trace stays in its experiment. */
  readonly experiment: ExperimentAddress;
  readonly spans: readonly { readonly trace: string; readonly span: Span }[];
  /** A run that the traces belong to. */
  readonly run?: string | undefined;
}

interface Batch {
  readonly id: string;
  readonly spans: readonly Span[];
  readonly summary: SpanSummary;
}

/**
 * Keeps spans, of any number of traces, all or nothing. Spans may come before or after what a client tells of the trace, in any order and
 * more than once.
 * @throws `tracking.trace-invalid`, `tracking.too-many-spans`, `tracking.experiment-not-found`, `tracking.experiment-deleted`
 */
export async function recordSpans(workshop: Workshop, context: ChangeContext, upload: SpanUpload): Promise<void> {
  if (upload.spans.length > limits.spans) throw traceErrors['too-many-spans']({ count: upload.spans.length, limit: limits.spans });
  const batches = batchesOf(upload);
  if (batches.length === 0) return;
  const experiment = await openTraceExperiment(workshop, context, { project: upload.project, by: upload.experiment });
  await workshop.database.transaction(async (tx) => {
    const held = await openTraces(tx, upload.project, batches, experiment.number);
    await keepSpans(tx, batches, held);
    if (upload.run !== undefined) {
      const run = upload.run;
      await linkRuns(
        tx,
        [...held.values()].map(({ number }) => ({ trace: number, run })),
      );
    }
  });
}

function batchesOf({ spans }: SpanUpload): Batch[] {
  const byTrace = new Map<string, Map<string, Span>>();
  for (const { trace, span } of spans) {
    const known = byTrace.get(trace) ?? new Map<string, Span>();
    byTrace.set(trace, known);
    const checked = checkSpan(span);
    // The last copy counts, but one with an end never gives way to one without.
    if (checked.endedAt !== undefined || known.get(checked.id)?.endedAt === undefined) known.set(checked.id, translateSpan(checked));
  }
  return [...byTrace].map(([id, known]) => {
    const all = [...known.values()];
    return { id: checkTraceId(id), spans: all, summary: summariseSpans(all) };
  });
}

async function openTraces(
  tx: Queryable,
  project: string,
  batches: readonly Batch[],
  experiment: number,
): Promise<ReadonlyMap<string, TraceRow>> {
  const rows = batches.map((batch) => newTrace(project, experiment, batch)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ids = batches.map(({ id }) => id);
  for (;;) {
    await insertTraces(tx, rows);
    const held = await holdTraces(tx, project, ids);
    // One that was deleted in between is added again.
    if (held.size === ids.length) return held;
  }
}

function newTrace(project: string, experiment: number, { id, summary }: Batch): NewTrace {
  return {
    id,
    project,
    experiment,
    name: null,
    state: 'in-progress',
    requested_at: summary.from,
    duration: null,
    client_request_id: null,
    request_preview: null,
    response_preview: null,
    ...useColumns(undefined, undefined),
    spans: 0,
    told: 0,
  };
}

async function keepSpans(tx: Queryable, batches: readonly Batch[], held: ReadonlyMap<string, TraceRow>): Promise<void> {
  const pairs = batches.flatMap((batch) => {
    const row = held.get(batch.id);
    return row === undefined ? [] : [{ batch, row }];
  });
  await upsertSpans(
    tx,
    pairs.flatMap(({ batch, row }) => batch.spans.map((span) => spanRow(row.number, span))),
  );
  const grown = await readUse(
    tx,
    pairs.filter(({ row }) => row.spans > 0).map(({ row }) => row.number),
  );
  const tags: Label[] = [];
  const metadata: Label[] = [];
  for (const { batch, row } of pairs) {
    const nodes = grown.get(row.number) ?? batch.spans.map(useOf);
    const use = sumUse(nodes);
    await updateTrace(
      tx,
      row.number,
      changeOf(row, batch.summary, {
        spans: nodes.length,
        ...(row.told === 1 && row.total_tokens !== null ? {} : useColumns(use.tokens, use.cost)),
      }),
    );
    const label = (name: string, value: string): Label => ({ trace: row.number, name, value });
    const { root, session, user } = batch.summary;
    for (const [name, value] of checkLabels('tag', root?.tags ?? {})) if (name !== traceTag.name) tags.push(label(name, value));
    if (use.tokens !== undefined) metadata.push(label(traceMetadata.tokenUsage, JSON.stringify(writeTokens(use.tokens))));
    if (use.cost !== undefined) metadata.push(label(traceMetadata.cost, JSON.stringify(writeCost(use.cost))));
    if (session !== undefined) metadata.push(label(traceMetadata.session, cleanText(session, limits.value)));
    if (user !== undefined) metadata.push(label(traceMetadata.user, cleanText(user, limits.value)));
  }
  await setLabels(tx, 'trace_tags', tags, true);
  const told = new Set(pairs.filter(({ row }) => row.told === 1).map(({ row }) => row.number));
  await setLabels(
    tx,
    'trace_metadata',
    metadata.filter(({ trace }) => told.has(trace)),
    true,
  );
  await setLabels(
    tx,
    'trace_metadata',
    metadata.filter(({ trace }) => !told.has(trace)),
  );
}

function useOf(span: Span): UseNode {
  const { tokens, cost } = factsOf(span);
  return { id: span.id, parent: span.parent, tokens, cost };
}

/** What a client told of the trace itself stays; spans add what is missing. */
function changeOf(row: TraceRow, { from, to, root }: SpanSummary, change: Partial<NewTrace>): Partial<NewTrace> {
  const previews = {
    name: row.name ?? (root === undefined ? null : cleanText(root.name, limits.name)),
    request_preview: row.request_preview ?? textOrNull(root?.requestPreview),
    response_preview: row.response_preview ?? textOrNull(root?.responsePreview),
  };
  if (row.told === 1 && row.state !== 'in-progress') return { ...change, ...previews };
  const begun = Math.min(row.requested_at, from);
  const ended = Math.max(to ?? -Infinity, row.duration === null ? -Infinity : row.requested_at + row.duration);
  return {
    ...change,
    ...previews,
    requested_at: begun,
    duration: ended === -Infinity ? null : Math.max(0, ended - begun),
    state: root?.state ?? row.state,
  };
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : cleanText(text, limits.preview);
}
