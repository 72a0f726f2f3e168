import type { Queryable } from '#kernel/database/index.ts';
import type { Workshop } from '../service.ts';
import { traceErrors } from './errors.ts';
import type { Span, Trace } from './model.ts';
import { readSpans } from './span-store.ts';
import { assembleTraces, findTraceRows, type LabelledTraceRow } from './trace-store.ts';

export interface TraceWithSpans {
  readonly trace: Trace;
  readonly spans: readonly Span[];
}

/** @throws `tracking.trace-not-found` */
export async function getTrace(workshop: Workshop, project: string, id: string): Promise<Trace> {
  const [trace] = await getTraces(workshop, project, [id]);
  if (trace === undefined) throw traceErrors['trace-not-found']({ trace: id.slice(0, 100), project });
  return trace;
}

/** The traces of those ids in their order; ids without a trace are left out. */
export async function getTraces({ database }: Workshop, project: string, ids: readonly string[]): Promise<Trace[]> {
  return assembleTraces(database, await rowsOf(database, project, ids));
}

/** As `getTraces`, with the spans that are kept. */
export async function getTracesWithSpans({ database }: Workshop, project: string, ids: readonly string[]): Promise<TraceWithSpans[]> {
  return database.snapshot(async (at) => {
    const rows = await rowsOf(at, project, ids);
    const spans = await readSpans(
      at,
      rows.map((row) => row.number),
    );
    const traces = await assembleTraces(at, rows);
    return traces.map((trace, index) => ({ trace, spans: spans.get(rows[index]?.number ?? 0) ?? [] }));
  });
}

async function rowsOf(from: Queryable, project: string, ids: readonly string[]): Promise<LabelledTraceRow[]> {
  const found = new Map((await findTraceRows(from, project, ids)).map((row) => [row.id, row]));
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
}
