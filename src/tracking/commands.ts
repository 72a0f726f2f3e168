import type { ChangeContext } from '#kernel/events/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import * as artifacts from './artifacts.ts';
import { compareRuns } from './compare-runs.ts';
import * as experiments from './experiments.ts';
import { logBatch } from './log.ts';
import type { HistoryPage } from './metric-store.ts';
import { type CurveRequest, metricCurves, metricHistory } from './metrics.ts';
import type { Artifact, LogBatch, RunInput } from './model.ts';
import * as runs from './runs.ts';
import { countFoundRuns, findRuns, type RunSearch } from './search/search-runs.ts';
import type { Workshop } from './service.ts';
import type { NameKind } from './store.ts';

/** Everything that can be asked of tracking. Where a run is named, its id is enough; with a project it must be in that project. */
export function createCommands(workshop: Workshop) {
  return { ...runCommands(workshop), ...artifactCommands(workshop), ...experimentCommands(workshop), ...queries(workshop) };
}

export type TrackingCommands = ReturnType<typeof createCommands>;

/** The id of a run, or the id with the project that it must be in. */
export type RunKey = string | runs.RunAddress;

function addressOf(key: RunKey): runs.RunAddress {
  return typeof key === 'string' ? { run: key } : key;
}

function runCommands(workshop: Workshop) {
  return {
    startRun: (context: ChangeContext, input: runs.StartRun) => runs.startRun(workshop, context, input),
    finishRun: (context: ChangeContext, run: RunKey, end: runs.FinishRun) => runs.finishRun(workshop, context, addressOf(run), end),
    reopenRun: (context: ChangeContext, run: RunKey) => runs.reopenRun(workshop, context, addressOf(run)),
    renameRun: (run: RunKey, name: string) => runs.renameRun(workshop, addressOf(run), name),
    deleteRun: (context: ChangeContext, run: RunKey) => runs.markRun(workshop, context, { ...addressOf(run), deleted: true }),
    restoreRun: (context: ChangeContext, run: RunKey) => runs.markRun(workshop, context, { ...addressOf(run), deleted: false }),
    addInputs: (run: RunKey, inputs: readonly RunInput[]) => runs.addInputs(workshop, addressOf(run), inputs),
    log: (run: RunKey, batch: LogBatch) => logBatch(workshop, addressOf(run), batch),
    run: (project: string, run: string) => runs.getRun(workshop, { project, run }),
  };
}

function artifactCommands(workshop: Workshop) {
  return {
    putArtifact: (run: RunKey, name: string, content: artifacts.ArtifactContent) =>
      artifacts.putArtifact(workshop, addressOf(run), { name, ...content }),
    artifact: (run: RunKey, name: string) => artifacts.getArtifact(workshop, addressOf(run), name),
    readArtifact: (artifact: Artifact, range?: ByteRange) => artifacts.readArtifact(workshop, artifact, range),
    artifacts: (run: RunKey) => artifacts.allArtifacts(workshop, addressOf(run)),
    artifactFolder: (run: RunKey, page: { folder: string; after?: string | undefined; limit: number }) =>
      artifacts.pageOfArtifacts(workshop, addressOf(run), page),
    deleteArtifact: (run: RunKey, name: string) => artifacts.deleteArtifact(workshop, addressOf(run), name),
  };
}

function experimentCommands(workshop: Workshop) {
  return {
    createExperiment: (
      context: ChangeContext,
      input: { project: string; name: string; tags?: Readonly<Record<string, string>> | undefined },
    ) => experiments.createExperiment(workshop, context, input),
    experiment: (project: string, by: { id: string } | { name: string }) => experiments.getExperiment(workshop, project, by),
    experiments: (project: string, page: { deleted: boolean; after?: string | undefined; limit: number }) =>
      experiments.pageOfExperiments(workshop, project, page),
    editExperiment: (context: ChangeContext, edit: { project: string; id: string } & experiments.ExperimentChange) =>
      experiments.editExperiment(workshop, context, edit),
    deleteExperiment: (context: ChangeContext, experiment: { project: string; id: string }) =>
      experiments.markExperiment(workshop, context, { ...experiment, deleted: true }),
    restoreExperiment: (context: ChangeContext, experiment: { project: string; id: string }) =>
      experiments.markExperiment(workshop, context, { ...experiment, deleted: false }),
  };
}

function queries(workshop: Workshop) {
  return {
    findRuns: (search: RunSearch) => findRuns(workshop, search),
    countRuns: (search: Omit<RunSearch, 'limit' | 'after' | 'order'>) => countFoundRuns(workshop, search),
    compareRuns: (project: string, runIds: readonly string[]) => compareRuns(workshop, project, runIds),
    metricHistory: (run: RunKey, page: HistoryPage & { metric: string }) => metricHistory(workshop, addressOf(run), page),
    metricCurves: (project: string, request: CurveRequest) => metricCurves(workshop, project, request),
    /** Names of the metrics, parameters or tags that the project's runs have. */
    names: (project: string, kind: NameKind) => workshop.names.list(project, kind),
  };
}
