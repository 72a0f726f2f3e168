import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from '../errors.ts';
import { type ExperimentAddress, findExperiment, markRuns, setExperimentTags, updateExperiment } from './experiment-store.ts';
import { checkExperimentName, checkTags, experimentSubject, getExperiment, missingExperiment } from './experiments.ts';
import type { Experiment } from '../model.ts';
import { source, type Workshop } from '../service.ts';

export type ExperimentChange = {
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined;
};

export type ExperimentIn = { readonly project: string } & ExperimentAddress;

/**
 * Renames, sets tags, and removes those set to undefined; emits `experiment.updated`.
 * @throws `tracking.experiment-deleted`, `tracking.experiment-exists`, `tracking.experiment-not-found`
 */
export async function editExperiment(
  workshop: Workshop,
  context: ChangeContext,
  edit: ExperimentIn & { readonly change: ExperimentChange },
): Promise<Experiment> {
  const { project, change: wanted } = edit;
  const name = wanted.name === undefined ? undefined : checkExperimentName(wanted.name);
  const tags = checkTags(wanted.tags ?? {});
  const { id } = await getExperiment(workshop, project, edit);
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await findExperiment(change, project, { id });
    if (row === undefined) throw missingExperiment(project, edit);
    if (row.deleted_at !== null) throw trackingErrors['experiment-deleted']({ experiment: row.name, number: row.sequence });
    const renamed = name !== undefined && name !== row.name;
    if (renamed) {
      const taken = await findExperiment(change, project, { name });
      if (taken !== undefined) throw trackingErrors['experiment-exists']({ experiment: name, project, deleted: taken.deleted_at !== null });
    }
    await updateExperiment(change, row.number, { updated_at: workshop.clock.now(), ...(renamed ? { name } : {}) });
    await setExperimentTags(change, row.number, tags);
    const data = { experiment: name ?? row.name, id, from: renamed ? row.name : undefined };
    change.emit({ type: 'experiment.updated', source, subject: experimentSubject(row), data });
  });
  return getExperiment(workshop, project, { id });
}

/**
 * Deletes an experiment with its runs, or restores it with those that were deleted with it; emits `experiment.deleted` or
 * `experiment.restored`. Doing it again changes nothing.
 */
export async function markExperiment(
  workshop: Workshop,
  context: ChangeContext,
  mark: ExperimentIn & { readonly deleted: boolean },
): Promise<Experiment> {
  const { project, deleted } = mark;
  const { id } = await getExperiment(workshop, project, mark);
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await findExperiment(change, project, { id });
    if (row === undefined) throw missingExperiment(project, mark);
    if ((row.deleted_at !== null) === deleted) return;
    const now = workshop.clock.now();
    await updateExperiment(change, row.number, { deleted_at: deleted ? now : null, updated_at: now });
    await markRuns(change, row.number, deleted ? now : undefined);
    const type = deleted ? 'experiment.deleted' : 'experiment.restored';
    change.emit({ type, source, subject: experimentSubject(row), data: { experiment: row.name, id } });
  });
  return getExperiment(workshop, project, { id });
}
