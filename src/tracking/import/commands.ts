import type { ChangeContext } from '#kernel/events/index.ts';
import type { Workshop } from '../service.ts';
import { deleteImported } from './delete-imported.ts';
import { type ImportExperiments, importExperiments } from './import-experiments.ts';
import { type ImportLoggedModels, importLoggedModels } from './import-logged-models.ts';
import { countRuns } from './import-run-store.ts';
import { type ImportRuns, importRuns } from './import-runs.ts';
import { type ImportTraces, importTraces } from './import-traces.ts';
import { type MarkedThings, readMarks, writeMarks } from './mark-store.ts';
import type { ImportedDeletions } from './model.ts';

/** Takes in what another tracking server kept, with the ids and times it has there. */
export function importCommands(workshop: Workshop) {
  return {
    importExperiments: (context: ChangeContext, input: ImportExperiments) => importExperiments(workshop, context, input),
    importRuns: (context: ChangeContext, input: ImportRuns) => importRuns(workshop, context, input),
    importLoggedModels: (context: ChangeContext, input: ImportLoggedModels) => importLoggedModels(workshop, context, input),
    importTraces: (context: ChangeContext, input: ImportTraces) => importTraces(workshop, context, input),
    deleteImported: (context: ChangeContext, input: ImportedDeletions & { project: string }) => deleteImported(workshop, context, input),
    /** How much of runs is here, to compare with their source. */
    countImportedRuns: (project: string, ids: readonly string[]) => workshop.database.snapshot((at) => countRuns(at, project, ids)),
    /** What an importer noted of things that it has brought over completely. */
    importMarks: (of: MarkedThings, ids: readonly string[]) => readMarks(workshop.database, of, ids),
    async markImported(of: MarkedThings, marks: Readonly<Record<string, string>>) {
      await workshop.projects.project(of.project);
      await workshop.database.transaction((tx) => writeMarks(tx, of, marks));
    },
  };
}
