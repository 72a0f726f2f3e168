import type { ChangeContext } from '#kernel/events/index.ts';
import { registryErrors } from './errors.ts';
import type { Model } from './model.ts';
import { checkModelName, checkTags, checkText } from './names.ts';
import { openModel } from './register-version.ts';
import { modelSubject, requireModel, source, type Workshop } from './service.ts';
import { assembleModels, findModel, listModels, setTags, updateModel } from './store.ts';

/** Creates a model without versions; emits `model.created`. @throws `registry.model-exists`, `registry.name-invalid` */
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
    const model = await openModel(change, { project, name, now: workshop.clock.now() });
    await updateModel(change, model.number, { description });
    await setTags(change, { model: model.number, version: 0 }, tags);
  });
  return getModel(workshop, project, name);
}

/** @throws `registry.model-not-found` */
export async function getModel(workshop: Workshop, project: string, name: string): Promise<Model> {
  const row = await requireModel(workshop.database, project, name);
  const [model] = await assembleModels(workshop.database, [row]);
  if (model === undefined) throw registryErrors['model-not-found']({ project, model: name });
  return model;
}

export async function pageOfModels(
  workshop: Workshop,
  project: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Model[]; next?: string }> {
  await workshop.projects.project(project);
  const found = await listModels(workshop.database, project, { ...page, limit: page.limit + 1 });
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  return { items, ...(found.length > page.limit && last !== undefined ? { next: last.name } : {}) };
}

export interface TextChange {
  readonly description?: string | undefined;
  /** A tag set to undefined goes away. */
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Changes description and tags; emits `model.updated`. */
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
    await updateModel(change, model.number, { updated_at: workshop.clock.now(), ...(description === undefined ? {} : { description }) });
    await setTags(change, { model: model.number, version: 0 }, tags);
    change.emit({ type: 'model.updated', source, subject: modelSubject(project, name), data: { model: name } });
  });
  return getModel(workshop, project, name);
}
