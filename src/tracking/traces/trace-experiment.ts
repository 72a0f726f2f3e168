import type { Queryable } from '#kernel/database/index.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from '../errors.ts';
import { type ExperimentAddress, findExperiment } from '../experiments/experiment-store.ts';
import { defaultExperiment, missingExperiment, openExperiment } from '../experiments/experiments.ts';
import type { Workshop } from '../service.ts';
import type { ExperimentRow } from '../store.ts';

/**
 * The experiment that traces go to; the experiment "Default" is there as soon as it is asked for.
 * @throws `tracking.experiment-not-found`, `tracking.experiment-deleted`
 */
export async function openTraceExperiment(
  workshop: Workshop,
  context: ChangeContext,
  { project, by }: { project: string; by: ExperimentAddress },
): Promise<ExperimentRow> {
  const row = await findExperiment(workshop.database, project, by);
  if (row === undefined) {
    const isDefault = 'sequence' in by ? by.sequence === 0 : 'name' in by && by.name === defaultExperiment;
    if (!isDefault) throw missingExperiment(project, by);
    await workshop.projects.project(project);
    return workshop.events.change({ ...context, project }, (change) =>
      openExperiment(change, { project, name: defaultExperiment }, workshop),
    );
  }
  if (row.deleted_at !== null) throw trackingErrors['experiment-deleted']({ experiment: row.name, number: row.sequence });
  return row;
}

/**
 * The inner numbers of experiments that a search names. A number of the project without an experiment finds nothing, as the clients that
 * speak of experiments by number expect; a name must be there.
 * @throws `tracking.experiment-not-found`
 */
export async function searchedExperiments(from: Queryable, project: string, addresses: readonly ExperimentAddress[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const by of addresses) {
    const row = await findExperiment(from, project, by);
    if (row !== undefined) numbers.push(row.number);
    else if (!('sequence' in by)) throw missingExperiment(project, by);
  }
  return numbers;
}
