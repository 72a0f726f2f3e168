import type { ChangeContext } from '#kernel/events/index.ts';
import { registryErrors } from './errors.ts';
import { type Model, type ModelKind, promptTag } from './model.ts';
import { tellOfModel } from './model-events.ts';
import { checkModelName, checkTags, checkText } from './names.ts';
import { openModel } from './add-version.ts';
import { requireModel, type Workshop } from './service.ts';
import { assembleModels, findModel, setTags, updateModel } from './store.ts';

/** Creates a model or prompt without versions; emits `model.created` or `prompt.created`. @throws `registry.model-exists`, `registry.name-invalid` */
export async function createModel(
  workshop: Workshop,
  context: ChangeContext,
  input: { project: string; name: string; description?: string | undefined; tags?: Readonly<Record<string, string>> | undefined },
): Promise<Model> {
  const name = checkModelName(input.name);
  const description = checkText('description', input.description ?? '');
  const tags = checkTags(input.tags ?? {});
  const { name: project } = await workshop.projects.project(input.project);
  await workshop.events.change({ ...context, project }, async (change) => {
    if ((await findModel(change, project, name)) !== undefined) throw registryErrors['model-exists']({ project, model: name });
    const model = await openModel(change, { project, name, kind: kindOf(tags), now: workshop.clock.now() });
    await updateModel(change, model.number, { description });
    await setTags(change, { model: model.number, version: 0 }, tags);
  });
  return getModel(workshop, project, name);
}

/** What the tags of MLflow clients say that it is. */
export function kindOf(tags: Readonly<Record<string, string | undefined>>): ModelKind {
  return tags[promptTag]?.toLowerCase() === 'true' ? 'prompt' : 'model';
}

/** @throws `registry.model-not-found` */
export async function getModel(workshop: Workshop, project: string, name: string): Promise<Model> {
  const row = await requireModel(workshop.database, project, name);
  const [model] = await assembleModels(workshop.database, [row]);
  if (model === undefined) throw registryErrors['model-not-found']({ project, model: name });
  return model;
}

/** What an edit changed, by name: texts can be long. */
export function changeOf({ description, tags = {} }: TextChange) {
  const names = (removed: boolean) => Object.keys(tags).filter((name) => (tags[name] === undefined) === removed);
  const [tagsSet, tagsRemoved] = [names(false), names(true)];
  return {
    ...(description === undefined ? {} : { described: true }),
    ...(tagsSet.length === 0 ? {} : { tagsSet }),
    ...(tagsRemoved.length === 0 ? {} : { tagsRemoved }),
  };
}

export interface TextChange {
  readonly description?: string | undefined;
  /** A tag set to undefined goes away. */
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Changes description and tags; emits `model.updated`. A tag may make it a prompt. */
export async function editModel(
  workshop: Workshop,
  context: ChangeContext,
  edit: { project: string; name: string } & TextChange,
): Promise<Model> {
  const { project, name, description } = edit;
  if (description !== undefined) checkText('description', description);
  const tags = checkTags(edit.tags ?? {});
  await workshop.events.change({ ...context, project }, async (change) => {
    const model = await requireModel(change, project, name);
    await updateModel(change, model.number, {
      updated_at: workshop.clock.now(),
      ...(description === undefined ? {} : { description }),
      ...(Object.hasOwn(tags, promptTag) ? { kind: kindOf(tags) } : {}),
    });
    await setTags(change, { model: model.number, version: 0 }, tags);
    tellOfModel(change, model, 'updated', changeOf(edit));
  });
  return getModel(workshop, project, name);
}
