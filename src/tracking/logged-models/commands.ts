import type { ChangeContext } from '#kernel/events/index.ts';
import { allFiles } from '../artifacts/files.ts';
import type { Workshop } from '../service.ts';
import { editLoggedModel, type LoggedModelEdit, type ModelAddress, removeLoggedModelTag } from './change-model.ts';
import { type CreateLoggedModel, createLoggedModel } from './create-model.ts';
import { failStaleModels } from './fail-stale.ts';
import { getLoggedModel } from './find-model.ts';
import { markLoggedModel } from './mark-model.ts';
import { type LoggedModelSearch, searchLoggedModels } from './search-models.ts';

/** Everything that can be asked of logged models. */
export function loggedModelCommands(workshop: Workshop) {
  return {
    createLoggedModel: (context: ChangeContext, input: CreateLoggedModel) => createLoggedModel(workshop, context, input),
    loggedModel: (project: string, model: string, options?: { deleted?: boolean }) => getLoggedModel(workshop, project, model, options),
    /** Its files, in the order of their names. */
    loggedModelFiles: (project: string, model: string) =>
      allFiles(workshop, { holder: { kind: 'logged-model', project, model }, name: '' }),
    searchLoggedModels: (search: LoggedModelSearch) => searchLoggedModels(workshop, search),
    editLoggedModel: (context: ChangeContext, edit: ModelAddress & LoggedModelEdit) => editLoggedModel(workshop, context, edit),
    tagLoggedModel: (context: ChangeContext, input: ModelAddress & { tags: Readonly<Record<string, string>> }) =>
      editLoggedModel(workshop, context, input),
    removeLoggedModelTag: (context: ChangeContext, of: ModelAddress, tag: string) =>
      removeLoggedModelTag(workshop, context, { ...of, tag }),
    deleteLoggedModel: (context: ChangeContext, project: string, model: string) =>
      markLoggedModel(workshop, context, { project, model, deleted: true }),
    restoreLoggedModel: (context: ChangeContext, project: string, model: string) =>
      markLoggedModel(workshop, context, { project, model, deleted: false }),
    failStaleModels: () => failStaleModels(workshop),
  };
}
