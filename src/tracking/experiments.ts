import type { ChangeContext, Change } from '#kernel/events/index.ts';
import { trackingErrors } from './errors.ts';
import {
  experimentOf,
  type ExperimentPage,
  findExperiment,
  insertExperiment,
  listExperiments,
  markRuns,
  readExperimentTags,
  setExperimentTags,
  updateExperiment,
} from './experiment-store.ts';
import type { Experiment, ExperimentSummary } from './model.ts';
import { checkName, checkValue } from './names.ts';
import { source, type Workshop } from './service.ts';
import type { ExperimentRow } from './store.ts';

/** The row of an experiment; created when the project has none of that name. @throws `tracking.experiment-deleted` */
export async function openExperiment(change: Change, at: { project: string; name: string }, workshop: Workshop): Promise<ExperimentRow> {
  const existing = await findExperiment(change, at.project, { name: at.name });
  if (existing?.deleted_at != null) throw trackingErrors['experiment-deleted']({ experiment: at.name });
  return existing ?? addExperiment(change, at, workshop);
}

async function addExperiment(
  change: Change,
  { project, name }: { project: string; name: string },
  { ids, clock }: Workshop,
): Promise<ExperimentRow> {
  const experiment = { id: ids.next(), project, name, created_at: clock.now(), deleted_at: null };
  const number = await insertExperiment(change, experiment);
  change.emit({ type: 'experiment.created', source, subject: subjectOf(experiment), data: { experiment: name, id: experiment.id } });
  return { ...experiment, number };
}

/** @throws `tracking.experiment-exists`, `tracking.name-invalid` */
export async function createExperiment(
  workshop: Workshop,
  context: ChangeContext,
  input: { project: string; name: string; tags?: Readonly<Record<string, string>> | undefined },
): Promise<Experiment> {
  const name = checkName('an experiment', input.name);
  const tags = checkTags(input.tags ?? {});
  const { name: project } = await workshop.projects.project(input.project);
  return workshop.events.change({ ...context, project }, async (change) => {
    const existing = await findExperiment(change, project, { name });
    if (existing !== undefined)
      throw trackingErrors['experiment-exists']({ experiment: name, project, deleted: existing.deleted_at !== null });
    const row = await addExperiment(change, { project, name }, workshop);
    await setExperimentTags(change, row.number, tags);
    return experimentOf(row, tags);
  });
}

export async function getExperiment(workshop: Workshop, project: string, by: { id: string } | { name: string }): Promise<Experiment> {
  const row = await findExperiment(workshop.database, project, by);
  if (row === undefined) throw missing(project, by);
  const tags = await readExperimentTags(workshop.database, [row.number]);
  return experimentOf(row, tags.get(row.number) ?? {});
}

export async function pageOfExperiments(
  workshop: Workshop,
  project: string,
  page: ExperimentPage,
): Promise<{ items: ExperimentSummary[]; next?: string }> {
  await workshop.projects.project(project);
  const found = await listExperiments(workshop.database, project, { ...page, limit: page.limit + 1 });
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  return { items, ...(found.length > page.limit && last !== undefined ? { next: last.name } : {}) };
}

export type ExperimentChange = {
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined;
};

/** Renames, sets tags, and removes those set to undefined; emits `experiment.updated`. */
export async function editExperiment(
  workshop: Workshop,
  context: ChangeContext,
  edit: { project: string; id: string } & ExperimentChange,
): Promise<Experiment> {
  const { project, id } = edit;
  const name = edit.name === undefined ? undefined : checkName('an experiment', edit.name);
  const tags = checkTags(edit.tags ?? {});
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await findExperiment(change, project, { id });
    if (row === undefined) throw missing(project, { id });
    if (row.deleted_at !== null) throw trackingErrors['experiment-deleted']({ experiment: row.name });
    const renamed = name !== undefined && name !== row.name;
    if (renamed) {
      const taken = await findExperiment(change, project, { name });
      if (taken !== undefined) throw trackingErrors['experiment-exists']({ experiment: name, project, deleted: taken.deleted_at !== null });
      await updateExperiment(change, row.number, { name });
    }
    const data = { experiment: name ?? row.name, id, from: renamed ? row.name : undefined };
    change.emit({ type: 'experiment.updated', source, subject: subjectOf(row), data });
    await setExperimentTags(change, row.number, tags);
  });
  return getExperiment(workshop, project, { id });
}

/** Deletes an experiment with its runs, or restores both; doing it again changes nothing. */
export async function markExperiment(
  workshop: Workshop,
  context: ChangeContext,
  input: { project: string; id: string; deleted: boolean },
): Promise<Experiment> {
  const { project, id, deleted } = input;
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await findExperiment(change, project, { id });
    if (row === undefined) throw missing(project, { id });
    if ((row.deleted_at !== null) === deleted) return;
    const now = workshop.clock.now();
    await updateExperiment(change, row.number, { deleted_at: deleted ? now : null });
    await markRuns(change, row.number, row.deleted_at === null ? { deletedAt: now } : { restoredFrom: row.deleted_at });
    const type = deleted ? 'experiment.deleted' : 'experiment.restored';
    change.emit({ type, source, subject: subjectOf(row), data: { experiment: row.name, id } });
  });
  return getExperiment(workshop, project, { id });
}

function checkTags<Value extends string | undefined>(tags: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  for (const [name, value] of Object.entries(tags)) {
    checkName('a tag', name);
    if (value !== undefined) checkValue('tag', name, value);
  }
  return tags;
}

function missing(project: string, by: { id: string } | { name: string }) {
  return trackingErrors['experiment-not-found']({ project, experiment: 'id' in by ? by.id : by.name });
}

function subjectOf(experiment: { project: string; id: string }): string {
  return `projects/${experiment.project}/experiments/${experiment.id}`;
}
