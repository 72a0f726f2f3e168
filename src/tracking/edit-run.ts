import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from './errors.ts';
import { insertInputs } from './fact-store.ts';
import type { Run, RunInput } from './model.ts';
import { checkName } from './names.ts';
import { holdRun, updateRun } from './run-store.ts';
import { changeRun, getRun, required, type RunAddress } from './runs.ts';
import { runSubject, source, type Workshop } from './service.ts';
import { checkInputs } from './start-run.ts';

/** Gives a run another name; emits `run.renamed`. */
export async function renameRun(workshop: Workshop, context: ChangeContext, rename: RunAddress & { name: string }): Promise<Run> {
  const { name } = rename;
  checkName('a run', name);
  return changeRun(workshop, context, rename, async (change, run) => {
    if (run.name === name) return;
    await updateRun(change, run.number, { name });
    change.emit({ type: 'run.renamed', source, subject: runSubject(run), data: { run: run.id, name, from: run.name } });
  });
}

/** Deletes a run (it can be restored) or restores it; doing it again changes nothing. */
export async function markRun(workshop: Workshop, context: ChangeContext, mark: RunAddress & { deleted: boolean }): Promise<Run> {
  const { project } = await getRun(workshop, mark);
  await workshop.events.change({ ...context, project }, async (change) => {
    const run = required(await holdRun(change, mark.run), mark);
    if ((run.deleted_at !== null) === mark.deleted) return;
    await updateRun(change, run.number, { deleted_at: mark.deleted ? workshop.clock.now() : null });
    change.emit({ type: mark.deleted ? 'run.deleted' : 'run.restored', source, subject: runSubject(run), data: { run: run.id } });
  });
  return getRun(workshop, mark);
}

/** Adds datasets that the run read. One that is there already, by name and digest, stays as it was. */
export async function addInputs(workshop: Workshop, address: RunAddress, inputs: readonly RunInput[]): Promise<Run> {
  checkInputs(inputs);
  await workshop.database.transaction(async (tx) => {
    const run = required(await holdRun(tx, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await insertInputs(tx, run.number, inputs);
  });
  return getRun(workshop, address);
}
