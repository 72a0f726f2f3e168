import { type Change, type ChangeContext, systemActor } from '#kernel/events/index.ts';
import { checkArtifactLocation } from './artifact-location.ts';
import { trackingErrors } from '../errors.ts';
import {
  type ExperimentAddress,
  experimentOf,
  type ExperimentPage,
  findExperiment,
  insertExperiment,
  lastSequence,
  listExperiments,
  readExperimentTags,
  setExperimentTags,
} from './experiment-store.ts';
import type { Experiment, ExperimentSummary } from '../model.ts';
import { checkName, checkValue, limits } from '../names.ts';
import { source, type Workshop } from '../service.ts';
import type { ExperimentRow } from '../store.ts';

/** Every project has it, from when it is first asked for, as number 0. */
export const defaultExperiment = 'Default';

/** The row of an experiment; one of that name is created when the project has none. @throws `tracking.experiment-deleted` */
export async function openExperiment(
  change: Change,
  at: { project: string } & ({ name: string } | { sequence: number }),
  workshop: Workshop,
): Promise<ExperimentRow> {
  const existing = await findExperiment(change, at.project, at);
  if (existing?.deleted_at != null) throw trackingErrors['experiment-deleted']({ experiment: existing.name, number: existing.sequence });
  if (existing !== undefined) return existing;
  const name = 'name' in at ? at.name : nameToCreate(at);
  if (name === undefined) throw missingExperiment(at.project, at);
  return addExperiment(change, { project: at.project, name }, workshop);
}

function nameToCreate(by: ExperimentAddress): string | undefined {
  const isDefault = ('sequence' in by && by.sequence === 0) || ('name' in by && by.name === defaultExperiment);
  return isDefault ? defaultExperiment : undefined;
}

async function addExperiment(
  change: Change,
  { project, name, artifactLocation }: { project: string; name: string; artifactLocation?: string | undefined },
  { ids, clock }: Workshop,
): Promise<ExperimentRow> {
  const now = clock.now();
  // Changes take turns, so no other one takes the same number.
  const free = name === defaultExperiment && (await findExperiment(change, project, { sequence: 0 })) === undefined;
  const sequence = free ? 0 : (await lastSequence(change, project)) + 1;
  const times = { created_at: now, updated_at: now, deleted_at: null };
  const experiment = { id: ids.next(), project, name, sequence, artifact_location: artifactLocation ?? null, ...times };
  const number = await insertExperiment(change, experiment);
  const data = { experiment: name, id: experiment.id, number: sequence };
  change.emit({ type: 'experiment.created', source, subject: experimentSubject(experiment), data });
  return { ...experiment, number };
}

export interface CreateExperiment {
  readonly project: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** An address of another store; the files of its runs lie in Ripen when left out. */
  readonly artifactLocation?: string | undefined;
}

/** Emits `experiment.created`. @throws `tracking.experiment-exists`, `tracking.name-invalid`, `tracking.artifact-location-invalid` */
export async function createExperiment(workshop: Workshop, context: ChangeContext, input: CreateExperiment): Promise<Experiment> {
  const name = checkExperimentName(input.name);
  const tags = checkTags(input.tags ?? {});
  const artifactLocation = input.artifactLocation === undefined ? undefined : checkArtifactLocation(input.artifactLocation);
  const { name: project } = await workshop.projects.project(input.project);
  return workshop.events.change({ ...context, project }, async (change) => {
    const existing = await findExperiment(change, project, { name });
    if (existing !== undefined)
      throw trackingErrors['experiment-exists']({ experiment: name, project, deleted: existing.deleted_at !== null });
    const row = await addExperiment(change, { project, name, artifactLocation }, workshop);
    await setExperimentTags(change, row.number, tags);
    return experimentOf(row, tags);
  });
}

/** Also a deleted one. "Default", number 0, is created when it is first asked for. @throws `tracking.experiment-not-found` */
export async function getExperiment(workshop: Workshop, project: string, by: ExperimentAddress): Promise<Experiment> {
  const found = await findExperiment(workshop.database, project, by);
  const row = found ?? (nameToCreate(by) === undefined ? undefined : await openDefault(workshop, project));
  if (row === undefined) throw missingExperiment(project, by);
  const tags = await readExperimentTags(workshop.database, [row.number]);
  return experimentOf(row, tags.get(row.number) ?? {});
}

/** No one's deed: the experiment is there as soon as somebody looks. */
async function openDefault(workshop: Workshop, name: string): Promise<ExperimentRow | undefined> {
  const { name: project } = await workshop.projects.project(name);
  return workshop.events.change({ actor: systemActor, project }, async (change) => {
    const there =
      (await findExperiment(change, project, { sequence: 0 })) ?? (await findExperiment(change, project, { name: defaultExperiment }));
    return there ?? addExperiment(change, { project, name: defaultExperiment }, workshop);
  });
}

/** Experiments of a project that are not deleted, or those that are, in the order of their names. */
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

export function checkExperimentName(name: string): string {
  return checkName('an experiment', name, limits.experimentName);
}

/** @throws `tracking.name-invalid`, `tracking.value-*` */
export function checkTags<Value extends string | undefined>(tags: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  for (const [name, value] of Object.entries(tags)) {
    checkName('a tag', name);
    if (value !== undefined) checkValue('tag', name, value);
  }
  return tags;
}

export function missingExperiment(project: string, by: ExperimentAddress) {
  if ('sequence' in by) return trackingErrors['experiment-number-not-found']({ project, experiment: String(by.sequence) });
  return trackingErrors['experiment-not-found']({ project, experiment: 'id' in by ? by.id : by.name });
}

export function experimentSubject(experiment: { project: string; id: string }): string {
  return `projects/${experiment.project}/experiments/${experiment.id}`;
}
