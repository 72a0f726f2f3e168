import type { Change, ChangeContext } from '#kernel/events/index.ts';
import type { ParameterValue } from '../model.ts';
import { checkName } from '../names.ts';
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

export interface LoggedModelEdit {
  /** Only new ones, or those that are there with their own value. */
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  /** null takes a tag away. */
  readonly tags?: Readonly<Record<string, string | null>> | undefined;
  /** That all files are there, or will not come. */
  readonly state?: 'ready' | 'upload-failed' | undefined;
}

/**
 * Changes a model, all or nothing; emits `logged-model.tagged`, `logged-model.ready` and `logged-model.upload-failed`. What is so
 * already changes nothing.
 * @throws `tracking.logged-model-not-found`, `tracking.logged-model-parameter-changed`, `tracking.logged-model-state`,
 * `tracking.name-invalid`, `tracking.value-*`
 */
export async function editLoggedModel(
  workshop: Workshop,
  context: ChangeContext,
  { project, model, ...edit }: ModelAddress & LoggedModelEdit,
): Promise<LoggedModel> {
  const parameters = checkFacts('parameter', texts(edit.parameters ?? {}));
  const tags = Object.entries(edit.tags ?? {});
  const set = checkFacts('tag', Object.fromEntries(tags.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))));
  const removed = tags.flatMap(([name, value]) => (value === null ? [checkName('a tag', name)] : []));
  await changeModel(workshop, context, { project, model }, async (change, row) => {
    await addParameters(change, row, parameters);
    await setModelFacts(change, 'logged_model_tags', { model: row.number, facts: set });
    const gone: string[] = [];
    for (const tag of removed) if (await removeModelTag(change, row.number, tag)) gone.push(tag);
    emitTagged(change, row, { set: Object.keys(set), removed: gone });
    if (edit.state !== undefined) await setState(change, row, edit.state);
  });
  return getLoggedModel(workshop, project, model);
}

/** Takes one tag away; emits `logged-model.tagged`. @throws `tracking.logged-model-tag-not-found` */
export async function removeLoggedModelTag(
  workshop: Workshop,
  context: ChangeContext,
  { project, model, tag }: ModelAddress & { tag: string },
): Promise<void> {
  await changeModel(workshop, context, { project, model }, async (change, row) => {
    if (!(await removeModelTag(change, row.number, tag)))
      throw loggedModelErrors['logged-model-tag-not-found']({ model: row.id, tag: tag.slice(0, 100) });
    emitTagged(change, row, { set: [], removed: [tag] });
  });
}

/** Runs `work` on a model that is not deleted, held by the change; notes that it was changed. */
async function changeModel(
  workshop: Workshop,
  context: ChangeContext,
  { project, model }: ModelAddress,
  work: (change: Change, row: LoggedModelRow) => Promise<void>,
): Promise<void> {
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = await holdLoggedModel(change, project, model);
    if (row === undefined || row.deleted_at !== null)
      throw loggedModelErrors['logged-model-not-found']({ model: model.slice(0, 100), project });
    await work(change, row);
    await updateLoggedModel(change, row.number, { updated_at: workshop.clock.now() });
  });
}

async function addParameters(change: Change, row: LoggedModelRow, wanted: Readonly<Record<string, string>>): Promise<void> {
  const present = (await readModelFacts(change, 'logged_model_parameters', [row.number])).get(row.number) ?? {};
  for (const [name, value] of Object.entries(wanted)) {
    const kept = Object.hasOwn(present, name) ? present[name] : undefined;
    if (kept === undefined || kept === value) continue;
    const shown = { model: row.id, parameter: name, value: kept.slice(0, 100), attempted: value.slice(0, 100) };
    throw loggedModelErrors['logged-model-parameter-changed'](shown);
  }
  await setModelFacts(change, 'logged_model_parameters', { model: row.number, facts: wanted });
}

function emitTagged(change: Change, row: LoggedModelRow, tags: { set: readonly string[]; removed: readonly string[] }): void {
  if (tags.set.length + tags.removed.length === 0) return;
  const data = { model: row.id, set: [...tags.set], removed: [...tags.removed] };
  change.emit({ type: 'logged-model.tagged', source, subject: modelSubject(row), data });
}

async function setState(change: Change, row: LoggedModelRow, wanted: 'ready' | 'upload-failed'): Promise<void> {
  if (row.state === wanted) return;
  // The column holds what `nextState` and `createLoggedModel` gave.
  const state = nextState(row.id, row.state as LoggedModelState, wanted === 'ready' ? 'finish' : 'fail');
  await updateLoggedModel(change, row.number, { state });
  const type = wanted === 'ready' ? 'logged-model.ready' : 'logged-model.upload-failed';
  change.emit({ type, source, subject: modelSubject(row), data: { model: row.id, name: row.name } });
}
