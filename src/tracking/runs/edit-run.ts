import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from '../errors.ts';
import { readTag, setTags } from './fact-store.ts';
import { insertInputs } from './input-store.ts';
import type { Run, RunInput, RunModel } from '../model.ts';
import { checkName, checkValue, limits } from '../names.ts';
import { insertRunModels } from './run-model-store.ts';
import { findRun, holdRun, updateRun } from './run-store.ts';
import { changeRun, getRun, required, type RunAddress } from './runs.ts';
import { runSubject, source, type Workshop } from '../service.ts';
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
    await updateRun(change, run.number, { deleted_at: mark.deleted ? workshop.clock.now() : null, deleted_with_experiment: null });
    change.emit({ type: mark.deleted ? 'run.deleted' : 'run.restored', source, subject: runSubject(run), data: { run: run.id } });
  });
  return getRun(workshop, mark);
}

/** What a run read and made. */
export interface RunLinks {
  readonly inputs?: readonly RunInput[] | undefined;
  readonly inputModels?: readonly RunModel[] | undefined;
  readonly outputModels?: readonly RunModel[] | undefined;
}

/** Adds datasets and logged models that the run read or made. What is there already (datasets by name and digest) stays as it was. */
export async function linkRun(workshop: Workshop, address: RunAddress, links: RunLinks): Promise<void> {
  const { inputs = [], inputModels = [], outputModels = [] } = links;
  checkInputs(inputs);
  checkModels([...inputModels, ...outputModels]);
  await workshop.database.transaction(async (tx) => {
    const run = required(await holdRun(tx, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await insertInputs(tx, run.number, inputs);
    await insertRunModels(tx, run.number, { role: 'input', models: inputModels });
    await insertRunModels(tx, run.number, { role: 'output', models: outputModels });
  });
}

function checkModels(models: readonly RunModel[]): void {
  if (models.length > limits.inputs)
    throw trackingErrors['batch-too-large']({ what: 'models', count: models.length, limit: limits.inputs });
  for (const { model, step } of models) {
    checkName('a logged model', model);
    if (step !== undefined && !Number.isSafeInteger(step))
      throw trackingErrors['metric-invalid']({ metric: model, field: 'step', value: String(step) });
  }
}

/** Sets a tag to what `revise` makes of its present value, with no other writer in between. */
export async function reviseTag(
  workshop: Workshop,
  address: RunAddress,
  { tag, revise }: { readonly tag: string; readonly revise: (value: string | undefined) => string },
): Promise<void> {
  checkName('a tag', tag);
  const { project } = required(await findRun(workshop.database, address.run, address.project), address);
  const number = (await workshop.names.intern(project, 'tag', [tag])).get(tag) ?? 0;
  await workshop.database.transaction(async (tx) => {
    const run = required(await holdRun(tx, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    const value = checkValue('tag', tag, revise(await readTag(tx, run.number, number)));
    await setTags(tx, [{ run: run.number, tag: number, value }]);
  });
}
