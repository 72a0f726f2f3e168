import type { ChangeContext } from '#kernel/events/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import { compareVersions } from './compare-versions.ts';
import { type ImportModel, importModel } from './import/index.ts';
import { lineageOf } from './lineage.ts';
import type { Model, VersionFile } from './model.ts';
import { getCard, updateCard } from './cards.ts';
import * as changes from './change-version.ts';
import * as models from './models.ts';
import { modelsNamed, newestByStage } from './newest.ts';
import { purge } from './purge.ts';
import * as bin from './recycle-bin.ts';
import { type RegisterFrom, registerFrom } from './register-from.ts';
import { type RegisterVersion, registerVersion } from './register-version.ts';
import { renameModel } from './rename-model.ts';
import type { VersionAddress, Workshop } from './service.ts';
import { findModels, findVersions, type RegistrySearch } from './search.ts';
import { parseStage, setStage } from './stages.ts';
import * as versions from './versions.ts';

/** Everything that can be asked of the registry. A version is a number, `@alias` or `latest`. */
export function createCommands(workshop: Workshop) {
  return { ...modelCommands(workshop), ...versionCommands(workshop), ...documentCommands(workshop), ...binCommands(workshop) };
}

export type RegistryCommands = ReturnType<typeof createCommands>;

type NewModel = Parameters<typeof models.createModel>[2];

function modelCommands(workshop: Workshop) {
  return {
    createModel: (context: ChangeContext, input: NewModel) => models.createModel(workshop, context, input),
    model: (project: string, name: string) => models.getModel(workshop, project, name),
    editModel: (context: ChangeContext, edit: { project: string; name: string } & models.TextChange) =>
      models.editModel(workshop, context, edit),
    modelsNamed: (project: string, names: readonly string[]) => modelsNamed(workshop, project, names),
    findModels: (search: RegistrySearch) => findModels(workshop, search),
    /** The newest version in each stage of old clients, by model. */
    newestByStage: (of: readonly Model[]) => newestByStage(workshop, of),
    renameModel: (context: ChangeContext, rename: { project: string; name: string; newName: string }) =>
      renameModel(workshop, context, rename),
  };
}

function versionCommands(workshop: Workshop) {
  return {
    registerVersion: (context: ChangeContext, input: RegisterVersion) => registerVersion(workshop, context, input),
    importModel: (context: ChangeContext, input: ImportModel) => importModel(workshop, context, input),
    registerFrom: (context: ChangeContext, input: RegisterFrom) => registerFrom(workshop, context, input),
    version: (project: string, model: string, version: string | number) => versions.getVersion(workshop, { project, model, version }),
    versions: (of: { project: string; model: string }, page: { before?: number | undefined; limit: number }) =>
      versions.pageOfVersions(workshop, of, page),
    findVersions: (search: RegistrySearch) => findVersions(workshop, search),
    isRegistered: (project: string, of: Parameters<typeof versions.isRegistered>[2]) => versions.isRegistered(workshop, project, of),
    versionsOfRun: (project: string, run: string) => versions.versionsOfRun(workshop, project, run),
    editVersion: (context: ChangeContext, edit: VersionAddress & models.TextChange) => changes.editVersion(workshop, context, edit),
    archiveVersion: (context: ChangeContext, address: VersionAddress) =>
      changes.markVersion(workshop, context, { ...address, action: 'archive' }),
    parseStage,
    setStage: (context: ChangeContext, move: VersionAddress & { stage: string; archiveOthers?: boolean | undefined }) =>
      setStage(workshop, context, move),
    setAlias: (context: ChangeContext, set: VersionAddress & { alias: string }) => changes.setAlias(workshop, context, set),
    removeAlias: (context: ChangeContext, of: { project: string; model: string; alias: string }) =>
      changes.removeAlias(workshop, context, of),
    lineage: (address: VersionAddress) => lineageOf(workshop, address),
    compareVersions: (of: { project: string; model: string; before: string | number; after: string | number }) =>
      compareVersions(workshop, of),
  };
}

function binCommands(workshop: Workshop) {
  return {
    deleteModel: (context: ChangeContext, of: { project: string; name: string }) => bin.deleteModel(workshop, context, of),
    restoreModel: (context: ChangeContext, of: { project: string; name: string; as?: string | undefined }) =>
      bin.restoreModel(workshop, context, of),
    deleteVersion: (context: ChangeContext, address: VersionAddress) => bin.deleteVersion(workshop, context, address),
    restoreVersion: (context: ChangeContext, address: VersionAddress) => bin.restoreVersion(workshop, context, address),
    recycleBin: (project: string) => bin.recycleBin(workshop, project),
    purge: (signal?: AbortSignal) => purge(workshop, signal),
  };
}

function documentCommands(workshop: Workshop) {
  return {
    card: (address: VersionAddress) => getCard(workshop, address),
    updateCard: (context: ChangeContext, edit: VersionAddress & { text: string; replaces?: string | undefined }) =>
      updateCard(workshop, context, edit),
    evaluation: (address: VersionAddress) => versions.getEvaluation(workshop, address),
    directory: (address: VersionAddress) => versions.getDirectory(workshop, address),
    file: (address: VersionAddress & { file: string }) => versions.getFile(workshop, address),
    readFile: (file: VersionFile, range?: ByteRange) => versions.readFile(workshop, file, range),
    /** As a stream of node. */
    openFile: (file: VersionFile, range?: ByteRange) => workshop.objects.open(file.digest, range),
  };
}
