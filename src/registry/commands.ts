import type { ChangeContext } from '#kernel/events/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import { compareVersions } from './compare-versions.ts';
import { lineageOf } from './lineage.ts';
import type { VersionAction, VersionFile } from './model.ts';
import { getCard, updateCard } from './cards.ts';
import * as changes from './change-version.ts';
import * as models from './models.ts';
import { type RegisterVersion, registerVersion } from './register-version.ts';
import type { VersionAddress, Workshop } from './service.ts';
import * as versions from './versions.ts';

/** Everything that can be asked of the registry. A version is a number, `@alias` or `latest`. */
export function createCommands(workshop: Workshop) {
  return { ...modelCommands(workshop), ...versionCommands(workshop), ...documentCommands(workshop) };
}

export type RegistryCommands = ReturnType<typeof createCommands>;

type NewModel = Parameters<typeof models.createModel>[2];

function modelCommands(workshop: Workshop) {
  return {
    createModel: (context: ChangeContext, input: NewModel) => models.createModel(workshop, context, input),
    model: (project: string, name: string) => models.getModel(workshop, project, name),
    models: (project: string, page: { after?: string | undefined; limit: number }) => models.pageOfModels(workshop, project, page),
    editModel: (context: ChangeContext, edit: { project: string; name: string } & models.TextChange) =>
      models.editModel(workshop, context, edit),
  };
}

function versionCommands(workshop: Workshop) {
  return {
    registerVersion: (context: ChangeContext, input: RegisterVersion) => registerVersion(workshop, context, input),
    version: (project: string, model: string, version: string | number) => versions.getVersion(workshop, { project, model, version }),
    versions: (of: { project: string; model: string }, page: { before?: number | undefined; limit: number }) =>
      versions.pageOfVersions(workshop, of, page),
    versionsOfRun: (project: string, run: string) => versions.versionsOfRun(workshop, project, run),
    editVersion: (context: ChangeContext, edit: VersionAddress & models.TextChange) => changes.editVersion(workshop, context, edit),
    markVersion: (context: ChangeContext, mark: VersionAddress & { action: VersionAction }) => changes.markVersion(workshop, context, mark),
    setAlias: (context: ChangeContext, set: VersionAddress & { alias: string }) => changes.setAlias(workshop, context, set),
    removeAlias: (context: ChangeContext, of: { project: string; model: string; alias: string }) =>
      changes.removeAlias(workshop, context, of),
    lineage: (address: VersionAddress) => lineageOf(workshop, address),
    compareVersions: (of: { project: string; model: string; before: string | number; after: string | number }) =>
      compareVersions(workshop, of),
  };
}

function documentCommands(workshop: Workshop) {
  return {
    card: (address: VersionAddress) => getCard(workshop, address),
    updateCard: (context: ChangeContext, edit: VersionAddress & { text: string; replaces?: string | undefined }) =>
      updateCard(workshop, context, edit),
    evaluation: (address: VersionAddress) => versions.getEvaluation(workshop, address),
    file: (address: VersionAddress & { file: string }) => versions.getFile(workshop, address),
    readFile: (file: VersionFile, range?: ByteRange) => versions.readFile(workshop, file, range),
  };
}
