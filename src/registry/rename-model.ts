import type { ChangeContext } from '#kernel/events/index.ts';
import { registryErrors } from './errors.ts';
import type { Model } from './model.ts';
import { tellOfModel } from './model-events.ts';
import { usesOf } from './model-use.ts';
import { getModel } from './models.ts';
import { checkModelName } from './names.ts';
import { requireModel, type Workshop } from './service.ts';
import { findModel, updateModel } from './store.ts';

/**
 * Gives a model another name; versions, aliases and tags stay. Deployments and releases speak of models by name, so one that they use
 * keeps its name. Emits `model.renamed`.
 * @throws `registry.model-not-found`, `registry.model-exists`, `registry.model-in-use`, `registry.name-invalid`
 */
export async function renameModel(
  workshop: Workshop,
  context: ChangeContext,
  rename: { project: string; name: string; newName: string },
): Promise<Model> {
  const { project, name } = rename;
  const newName = checkModelName(rename.newName);
  const uses = await usesOf(workshop.events, { project, model: name });
  await workshop.events.change({ ...context, project }, async (change) => {
    const model = await requireModel(change, project, name);
    if (name === newName) return;
    if (uses.length > 0) throw registryErrors['model-in-use']({ model: name, action: 'renamed', uses: uses.map(({ what }) => what) });
    if ((await findModel(change, project, newName)) !== undefined) throw registryErrors['model-exists']({ project, model: newName });
    await updateModel(change, model.number, { name: newName, updated_at: workshop.clock.now() });
    tellOfModel(change, { ...model, name: newName }, 'renamed', { from: name });
  });
  return getModel(workshop, project, newName);
}
