import type { ChangeContext } from '#kernel/events/index.ts';
import type { ExperimentAddress } from '../experiments/experiment-store.ts';
import { deleteFiles } from '../artifacts/file-store.ts';
import { projectShelf } from '../artifacts/shelf.ts';
import { source, type Workshop } from '../service.ts';
import { traceErrors } from './errors.ts';
import { searchedExperiments } from './trace-experiment.ts';
import { deleteTraceRows, findOldTraces, findTraceRows } from './trace-store.ts';

export type TraceDeletion = {
  readonly project: string;
  /** Only of this experiment. */
  readonly experiment?: ExperimentAddress | undefined;
} & ({ readonly traces: readonly string[] } | { readonly until: number; readonly most?: number | undefined });

/** Traces of one change: each change has a whole transaction, and others wait for it. */
const tracesAtOnce = 500;

/**
 * Deletes the named traces, or the oldest ones until a time, with their spans, assessments and files; emits `traces.deleted`.
 * @returns how many there were
 * @throws `tracking.trace-deletion-invalid`, `tracking.experiment-not-found`
 */
export async function deleteTraces(workshop: Workshop, context: ChangeContext, deletion: TraceDeletion): Promise<number> {
  const { project } = deletion;
  const experiment = await numberOf(workshop, deletion);
  if ('traces' in deletion) {
    let deleted = 0;
    for (let start = 0; start < deletion.traces.length; start += tracesAtOnce) {
      const ids = deletion.traces.slice(start, start + tracesAtOnce);
      deleted += await deletePart(workshop, { context, project }, async (tx) =>
        (await findTraceRows(tx, project, ids)).filter((row) => experiment === undefined || row.experiment === experiment),
      );
    }
    return deleted;
  }
  const { until, most = Infinity } = deletion;
  if (!Number.isSafeInteger(until)) throw traceErrors['trace-deletion-invalid']({ problem: 'the time is no whole number of milliseconds' });
  if (most <= 0) throw traceErrors['trace-deletion-invalid']({ problem: 'how many at most must be more than 0' });
  let deleted = 0;
  for (;;) {
    const limit = Math.min(tracesAtOnce, most - deleted);
    const part =
      limit <= 0 ? 0 : await deletePart(workshop, { context, project }, (tx) => findOldTraces(tx, { project, experiment, until, limit }));
    deleted += part;
    if (part < limit || limit <= 0) return deleted;
  }
}

type Change = Parameters<Parameters<Workshop['events']['change']>[1]>[0];

async function deletePart(
  workshop: Workshop,
  { context, project }: { context: ChangeContext; project: string },
  find: (change: Change) => Promise<readonly { readonly number: number; readonly id: string }[]>,
): Promise<number> {
  return workshop.events.change({ ...context, project }, async (change) => {
    const found = await find(change);
    if (found.length === 0) return 0;
    await deleteTraceRows(
      change,
      found.map((row) => row.number),
    );
    for (const { id } of found) await deleteFiles(change, projectShelf(project, `trace/${id}`), '');
    const data = { traces: found.length, first: found[0]?.id, last: found.at(-1)?.id };
    change.emit({ type: 'traces.deleted', source, subject: `projects/${project}/traces`, data });
    return found.length;
  });
}

/** The number 0, which no experiment has inside, finds nothing. */
async function numberOf({ database }: Workshop, { project, experiment }: TraceDeletion): Promise<number | undefined> {
  if (experiment === undefined) return undefined;
  return (await searchedExperiments(database, project, [experiment]))[0] ?? 0;
}
