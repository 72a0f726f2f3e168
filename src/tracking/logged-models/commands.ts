import type { ChangeContext } from '#kernel/events/index.ts';
import { allFiles } from '../artifacts/files.ts';
import type { ParameterValue } from '../model.ts';
import type { Workshop } from '../service.ts';
import * as change from './change-model.ts';
import { type CreateLoggedModel, createLoggedModel } from './create-model.ts';
import { failStaleModels } from './fail-stale.ts';
import { getLoggedModel } from './find-model.ts';
import { type LoggedModelSearch, searchLoggedModels } from './search-models.ts';

/** Everything that can be asked of logged models. */
export function loggedModelCommands(workshop: Workshop) {
  const at = (project: string, model: string) => ({ project, model });
  return {
    createLoggedModel: (context: ChangeContext, input: CreateLoggedModel) => createLoggedModel(workshop, context, input),
    loggedModel: (project: string, model: string, options?: { deleted?: boolean }) => getLoggedModel(workshop, project, model, options),
    /** Its files, in the order of their names. */
    loggedModelFiles: (project: string, model: string) =>
      allFiles(workshop, { holder: { kind: 'logged-model', project, model }, name: '' }),
    searchLoggedModels: (search: LoggedModelSearch) => searchLoggedModels(workshop, search),
    finishLoggedModel: (context: ChangeContext, project: string, model: string) =>
      change.endUpload(workshop, context, { project, model, action: 'finish' }),
    failLoggedModel: (context: ChangeContext, project: string, model: string) =>
      change.endUpload(workshop, context, { project, model, action: 'fail' }),
    tagLoggedModel: (context: ChangeContext, input: change.ModelAddress & { tags: Readonly<Record<string, string>> }) =>
      change.tagLoggedModel(workshop, context, input),
    removeLoggedModelTag: (context: ChangeContext, of: change.ModelAddress, tag: string) =>
      change.removeLoggedModelTag(workshop, context, { ...of, tag }),
    addLoggedModelParameters: (context: ChangeContext, of: change.ModelAddress, parameters: Readonly<Record<string, ParameterValue>>) =>
      change.addLoggedModelParameters(workshop, context, { ...of, parameters }),
    deleteLoggedModel: (context: ChangeContext, project: string, model: string) =>
      change.markLoggedModel(workshop, context, { ...at(project, model), deleted: true }),
    restoreLoggedModel: (context: ChangeContext, project: string, model: string) =>
      change.markLoggedModel(workshop, context, { ...at(project, model), deleted: false }),
    failStaleModels: () => failStaleModels(workshop),
  };
}
