import { RipenError } from '#kernel/errors.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import { ExportError, readExport } from '../otlp/read-export.ts';
import type { Workshop } from '../service.ts';
import type { Span } from '../traces/model.ts';
import { spansOfFile } from '../traces/read-trace-file.ts';
import { recordSpans } from '../traces/record-spans.ts';
import { recordTrace } from '../traces/record-trace.ts';
import { getTraces } from '../traces/read-traces.ts';
import { importErrors } from './errors.ts';
import { refused } from './import-runs.ts';
import type { ImportedTrace, ImportOutcome } from './model.ts';

export interface ImportTraces {
  readonly project: string;
  readonly traces: readonly ImportedTrace[];
}

/**
 * Keeps traces of another server with their ids, assessments and spans; sending the same again changes nothing. Traces are data, so no
 * event tells of them.
 */
export async function importTraces(workshop: Workshop, context: ChangeContext, input: ImportTraces): Promise<ImportOutcome[]> {
  const { name: project } = await workshop.projects.project(input.project);
  const ids = input.traces.map(({ id }) => id);
  const known = new Set((await getTraces(workshop, project, ids)).map(({ id }): string => id));
  const outcomes: ImportOutcome[] = [];
  for (const trace of input.traces) {
    try {
      await keep(workshop, context, { project, trace });
      outcomes.push({ id: trace.id, outcome: known.has(trace.id) ? 'updated' : 'created' });
    } catch (error) {
      if (!(error instanceof RipenError) || error.kind === 'internal' || error.kind === 'overloaded') throw error;
      outcomes.push(refused(trace.id, error));
    }
  }
  return outcomes;
}

async function keep(
  workshop: Workshop,
  context: ChangeContext,
  { project, trace }: { project: string; trace: ImportedTrace },
): Promise<void> {
  const { experiment: sequence, spans: _, export: __, ...draft } = trace;
  const experiment = { sequence };
  const spans = spansOf(trace);
  await recordTrace(workshop, context, { ...draft, project, experiment });
  await recordSpans(workshop, context, { project, experiment, spans: spans.map((span) => ({ trace: trace.id, span })) });
}

function spansOf(trace: ImportedTrace): Span[] {
  if (trace.spans !== undefined) return spansOfFile(trace.spans);
  if (trace.export === undefined) return [];
  try {
    return readExport(Buffer.from(trace.export), 'json').map(({ span }) => span);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    throw importErrors['import-invalid']({ what: 'trace', id: trace.id, problem: error.message }, error);
  }
}
