import type { ChangeContext } from '#kernel/events/index.ts';
import { findExperiment, updateExperiment } from '../experiments/experiment-store.ts';
import { experimentSubject } from '../experiments/experiments.ts';
import { updateRun } from '../runs/run-store.ts';
import { runSubject, source, type Workshop } from '../service.ts';
import { findRunsAnywhere } from './import-run-store.ts';
import type { ImportedDeletions } from './model.ts';

/**
 * Deletes what is deleted at its source, as of the time it was deleted there, once all of it is here; emits `run.deleted` and
 * `experiment.deleted`. What is deleted already, or not here, stays as it is.
 */
export async function deleteImported(
  workshop: Workshop,
  context: ChangeContext,
  input: ImportedDeletions & { project: string },
): Promise<void> {
  const { name: project } = await workshop.projects.project(input.project);
  await workshop.events.change({ ...context, project }, async (change) => {
    const runs = await findRunsAnywhere(
      change,
      input.runs.map(({ id }) => id),
    );
    for (const { id, deletedAt, withExperiment } of input.runs) {
      const run = runs.get(id);
      if (run === undefined || run.project !== project || run.deleted_at !== null) continue;
      await updateRun(change, run.number, { deleted_at: deletedAt, deleted_with_experiment: withExperiment ? 1 : null });
      change.emit({ type: 'run.deleted', source, subject: runSubject(run), data: { run: id } });
    }
    for (const { sequence, deletedAt } of input.experiments) {
      const row = await findExperiment(change, project, { sequence });
      if (row === undefined || row.deleted_at !== null) continue;
      await updateExperiment(change, row.number, { deleted_at: deletedAt, updated_at: deletedAt });
      const data = { experiment: row.name, id: row.id };
      change.emit({ type: 'experiment.deleted', source, subject: experimentSubject(row), data });
    }
  });
}
