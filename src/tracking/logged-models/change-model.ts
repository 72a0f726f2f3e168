import type { Change, ChangeContext } from '#kernel/events/index.ts';
import type { ParameterValue } from '../model.ts';
import { source, type Workshop } from '../service.ts';
import { checkFacts, modelSubject, texts } from './create-model.ts';
import { loggedModelErrors } from './errors.ts';
import { readModelFacts, removeModelTag, setModelFacts } from './fact-store.ts';
import { getLoggedModel } from './find-model.ts';
import { type LoggedModel, type LoggedModelState, nextState } from './model.ts';
import { holdLoggedModel, updateLoggedModel } from './model-store.ts';
import type { LoggedModelRow } from './store.ts';

export interface ModelAddress {
  readonly project: string;
  readonly model: string;
}

/** Runs `work` on a model that is not deleted, held by the change; notes that it was changed. */
async function changeModel(
  workshop: Workshop,
  context: ChangeContext,
  address: ModelAddress,
  work: (change: Change, row: LoggedModelRow) => Promise<void>,
): Promise<LoggedModel> {
  const { project, model } = address;
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await holdLoggedModel(change, project, model);
    if (row === undefined || row.deleted_at !== null)
      throw loggedModelErrors['logged-model-not-found']({ model: model.slice(0, 100), project });
    await work(change, row);
    await updateLoggedModel(change, row.number, { updated_at: workshop.clock.now() });
  });
  return getLoggedModel(workshop, project, model);
}

/**
 * Says that all files are there (`finish`) or will not come (`fail`); emits `logged-model.ready` or `logged-model.upload-failed`.
 * Saying it again changes nothing. @throws `tracking.logged-model-state`
 */
export async function endUpload(
  workshop: Workshop,
  context: ChangeContext,
  { action, ...address }: ModelAddress & { action: 'finish' | 'fail' },
): Promise<LoggedModel> {
  const wanted: LoggedModelState = action === 'finish' ? 'ready' : 'upload-failed';
  return changeModel(workshop, context, address, async (change, row) => {
    if (row.state === wanted) return;
    // The column holds what `nextState` and `createLoggedModel` gave.
    const state = nextState(row.id, row.state as LoggedModelState, action);
    await updateLoggedModel(change, row.number, { state });
    change.emit({ type: `logged-model.${state}`, source, subject: modelSubject(row), data: { model: row.id, name: row.name } });
  });
}

/** Sets tags; one that exists gets the new value. Emits `logged-model.tagged`. */
export async function tagLoggedModel(
  workshop: Workshop,
  context: ChangeContext,
  { tags, ...address }: ModelAddress & { tags: Readonly<Record<string, string>> },
): Promise<LoggedModel> {
  checkFacts('tag', tags);
  return changeModel(workshop, context, address, async (change, row) => {
    await setModelFacts(change, 'logged_model_tags', { model: row.number, facts: tags });
    const data = { model: row.id, set: Object.keys(tags) };
    if (data.set.length > 0) change.emit({ type: 'logged-model.tagged', source, subject: modelSubject(row), data });
  });
}

/** Emits `logged-model.tagged`. @throws `tracking.logged-model-tag-not-found` */
export async function removeLoggedModelTag(
  workshop: Workshop,
  context: ChangeContext,
  { tag, ...address }: ModelAddress & { tag: string },
): Promise<LoggedModel> {
  return changeModel(workshop, context, address, async (change, row) => {
    if (!(await removeModelTag(change, row.number, tag)))
      throw loggedModelErrors['logged-model-tag-not-found']({ model: row.id, tag: tag.slice(0, 100) });
    change.emit({ type: 'logged-model.tagged', source, subject: modelSubject(row), data: { model: row.id, removed: [tag] } });
  });
}

/** Adds parameters; one that is there may be repeated with its own value only. @throws `tracking.logged-model-parameter-changed` */
export async function addLoggedModelParameters(
  workshop: Workshop,
  context: ChangeContext,
  { parameters, ...address }: ModelAddress & { parameters: Readonly<Record<string, ParameterValue>> },
): Promise<LoggedModel> {
  const wanted = checkFacts('parameter', texts(parameters));
  return changeModel(workshop, context, address, async (change, row) => {
    const present = (await readModelFacts(change, 'logged_model_parameters', [row.number])).get(row.number) ?? {};
    for (const [name, value] of Object.entries(wanted)) {
      const kept = present[name];
      if (kept === undefined || kept === value) continue;
      const shown = { model: row.id, parameter: name, value: kept.slice(0, 100), attempted: value.slice(0, 100) };
      throw loggedModelErrors['logged-model-parameter-changed'](shown);
    }
    await setModelFacts(change, 'logged_model_parameters', { model: row.number, facts: wanted });
  });
}

/**
 * Deletes a model (it can be restored) or restores it; doing it again changes nothing. Emits `logged-model.deleted` or
 * `logged-model.restored`.
 */
export async function markLoggedModel(
  workshop: Workshop,
  context: ChangeContext,
  { project, model, deleted }: ModelAddress & { deleted: boolean },
): Promise<LoggedModel> {
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await holdLoggedModel(change, project, model);
    if (row === undefined) throw loggedModelErrors['logged-model-not-found']({ model: model.slice(0, 100), project });
    if ((row.deleted_at !== null) === deleted) return;
    const now = workshop.clock.now();
    await updateLoggedModel(change, row.number, { deleted_at: deleted ? now : null, updated_at: now });
    const type = deleted ? 'logged-model.deleted' : 'logged-model.restored';
    change.emit({ type, source, subject: modelSubject(row), data: { model: row.id, name: row.name } });
  });
  return getLoggedModel(workshop, project, model, { deleted: true });
}
