import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { checkArtifactLocation } from '../experiments/artifact-location.ts';
import { findExperiment, insertExperiment, lastSequence, setExperimentTags, updateExperiment } from '../experiments/experiment-store.ts';
import { checkExperimentName, checkTags, experimentSubject } from '../experiments/experiments.ts';
import { source, type Workshop } from '../service.ts';
import type { ExperimentRow } from '../store.ts';
import { type MarkedThings, readMarks, writeMarks } from './mark-store.ts';
import type { ImportedExperiment, PlacedExperiment } from './model.ts';

export interface ImportExperiments {
  readonly project: string;
  readonly source: string;
  readonly experiments: readonly ImportedExperiment[];
}

/** Kept as the mark of an experiment: where it went. */
interface Place {
  readonly experimentId: string;
  readonly imported: boolean;
}

/** Numbers above are no counted ones and would push all later experiments behind them. */
const largestKeptNumber = 2 ** 40;

/**
 * Finds or makes the experiments of another server: where it went before, else the one of its name, else a new one with its own number
 * where that is free. Emits `experiment.imported` for a new one. @throws `tracking.name-invalid`, `tracking.value-*`
 */
export async function importExperiments(workshop: Workshop, context: ChangeContext, input: ImportExperiments): Promise<PlacedExperiment[]> {
  for (const { name, tags, artifactLocation } of input.experiments) {
    checkExperimentName(name);
    checkTags(tags);
    if (artifactLocation !== undefined) checkArtifactLocation(artifactLocation);
  }
  const { name: project } = await workshop.projects.project(input.project);
  const of: MarkedThings = { project, source: input.source, kind: 'experiment' };
  return workshop.events.change({ ...context, project }, async (change) => {
    const ids = input.experiments.map(({ id }) => id);
    const marks = await readMarks(change, of, ids);
    const placed: PlacedExperiment[] = [];
    for (const experiment of input.experiments) {
      const { row, imported, created = false } = await placeOf(change, { project, experiment, mark: marks.get(experiment.id), workshop });
      placed.push({
        id: experiment.id,
        experimentId: row.id,
        sequence: row.sequence,
        name: row.name,
        imported,
        created,
        deleted: row.deleted_at !== null,
      });
    }
    const kept = placed.map(({ id, experimentId, imported }) => [id, JSON.stringify({ experimentId, imported } satisfies Place)] as const);
    await writeMarks(change, of, Object.fromEntries(kept));
    return placed;
  });
}

interface Wanted {
  readonly project: string;
  readonly experiment: ImportedExperiment;
  readonly mark: string | undefined;
  readonly workshop: Workshop;
}

async function placeOf(change: Change, wanted: Wanted): Promise<{ row: ExperimentRow; imported: boolean; created?: boolean }> {
  const { project, experiment, mark } = wanted;
  // Only this file writes marks of experiments.
  const place = mark === undefined ? undefined : (JSON.parse(mark) as Place);
  const before = place === undefined ? undefined : await findExperiment(change, project, { id: place.experimentId });
  if (before !== undefined && place !== undefined) {
    if (place.imported && before.deleted_at === null) await refresh(change, before, experiment);
    return { row: before, imported: place.imported };
  }
  const namesake = await findExperiment(change, project, { name: experiment.name });
  if (namesake === undefined) return { row: await addImported(change, wanted), imported: true, created: true };
  if (namesake.deleted_at === null) await setExperimentTags(change, namesake.number, experiment.tags);
  return { row: namesake, imported: false };
}

/** The source may have renamed or tagged it since. */
async function refresh(change: Change, row: ExperimentRow, experiment: ImportedExperiment): Promise<void> {
  const renamed = experiment.name !== row.name && (await findExperiment(change, row.project, { name: experiment.name })) === undefined;
  if (renamed) await updateExperiment(change, row.number, { updated_at: experiment.updatedAt, name: experiment.name });
  await setExperimentTags(change, row.number, experiment.tags);
}

async function addImported(change: Change, { project, experiment, workshop }: Wanted): Promise<ExperimentRow> {
  const { id, name, artifactLocation, createdAt, updatedAt, tags } = experiment;
  const row = {
    id: workshop.ids.next(),
    project,
    name,
    sequence: await numberFor(change, project, id),
    artifact_location: artifactLocation ?? null,
    created_at: createdAt,
    updated_at: updatedAt,
    deleted_at: null,
  };
  const number = await insertExperiment(change, row);
  await setExperimentTags(change, number, tags);
  const data = { experiment: name, id: row.id, number: row.sequence, sourceId: id };
  change.emit({ type: 'experiment.imported', source, subject: experimentSubject(row), data });
  return { ...row, number };
}

async function numberFor(change: Change, project: string, id: string): Promise<number> {
  const wanted = /^\d+$/.test(id) ? Number(id) : Number.NaN;
  if (wanted <= largestKeptNumber && (await findExperiment(change, project, { sequence: wanted })) === undefined) return wanted;
  return (await lastSequence(change, project)) + 1;
}
