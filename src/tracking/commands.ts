import type { ChangeContext } from '#kernel/events/index.ts';
import type { ByteRange } from '#kernel/objects/index.ts';
import * as files from './artifacts/files.ts';
import { deleteArtifact, runHolder } from './artifacts/run-artifacts.ts';
import { fileCommands } from './artifacts/commands.ts';
import type { FolderPage } from './artifacts/file-store.ts';
import { compareRuns } from './runs/compare-runs.ts';
import { type ExperimentChange, type ExperimentIn, editExperiment, markExperiment } from './experiments/edit-experiment.ts';
import type { ExperimentAddress, ExperimentPage } from './experiments/experiment-store.ts';
import * as experiments from './experiments/experiments.ts';
import { findUsedDatasets } from './runs/input-store.ts';
import { logBatch, logMetric, sealRun } from './log/log.ts';
import type { HistoryPage } from './metrics/metric-history.ts';
import { readModelMetrics } from './metrics/model-metric-store.ts';
import { type CurveRequest, metricCurves, metricHistory } from './metrics/metrics.ts';
import type { Artifact, LogBatch, MetricEntry, RunHead, RunInput } from './model.ts';
import * as edits from './runs/edit-run.ts';
import { type FinishRun, finishRun, reopenRun } from './runs/finish-run.ts';
import { reportRun, type RunReport } from './runs/report-run.ts';
import { getRun, type RunAddress } from './runs/runs.ts';
import { createRunStarter } from './runs/run-starter.ts';
import { type ExperimentSearch, findExperiments } from './search/search-experiments.ts';
import { countFoundRuns, findRuns, type RunSearch } from './search/search-runs.ts';
import { loggedModelCommands } from './logged-models/commands.ts';
import type { Workshop } from './service.ts';
import type { NameKind } from './store.ts';
import { importCommands } from './import/commands.ts';
import { evaluationDatasetCommands } from './evaluation-datasets/commands.ts';
import { traceCommands } from './traces/commands.ts';

/** Everything that can be asked of tracking. Where a run is named, its id is enough; with a project it must be in that project. */
export function createCommands(workshop: Workshop) {
  return {
    ...runCommands(workshop),
    ...artifactCommands(workshop),
    ...loggedModelCommands(workshop),
    ...experimentCommands(workshop),
    ...queries(workshop),
    ...traceCommands(workshop),
    ...evaluationDatasetCommands(workshop),
    ...importCommands(workshop),
  };
}

export type TrackingCommands = ReturnType<typeof createCommands>;

/** The id of a run, or the id with the project that it must be in. */
export type RunKey = string | RunAddress;

function addressOf(key: RunKey): RunAddress {
  return typeof key === 'string' ? { run: key } : key;
}

/** An ended run has its points packed; others may get more. */
async function packed<Changed extends RunHead>(workshop: Workshop, changed: Promise<Changed>): Promise<Changed> {
  const run = await changed;
  if (run.finishedAt !== undefined) await sealRun(workshop, run.id);
  return run;
}

function runCommands(workshop: Workshop) {
  return {
    startRun: createRunStarter(workshop),
    finishRun: (context: ChangeContext, run: RunKey, end: FinishRun) => packed(workshop, finishRun(workshop, context, addressOf(run), end)),
    reopenRun: (context: ChangeContext, run: RunKey) => reopenRun(workshop, context, addressOf(run)),
    renameRun: (context: ChangeContext, run: RunKey, name: string) => edits.renameRun(workshop, context, { ...addressOf(run), name }),
    deleteRun: (context: ChangeContext, run: RunKey) => edits.markRun(workshop, context, { ...addressOf(run), deleted: true }),
    restoreRun: (context: ChangeContext, run: RunKey) => edits.markRun(workshop, context, { ...addressOf(run), deleted: false }),
    /** Brings a run to what its client reports of it. */
    reportRun: (context: ChangeContext, run: RunKey, report: RunReport) =>
      packed(workshop, reportRun(workshop, context, { ...addressOf(run), report })),
    async addInputs(run: RunKey, inputs: readonly RunInput[]) {
      await edits.linkRun(workshop, addressOf(run), { inputs });
      return getRun(workshop, addressOf(run));
    },
    /** Adds datasets and logged models that the run read or made. */
    linkRun: (run: RunKey, links: edits.RunLinks) => edits.linkRun(workshop, addressOf(run), links),
    reviseTag: (run: RunKey, tag: string, revise: (value: string | undefined) => string) =>
      edits.reviseTag(workshop, addressOf(run), { tag, revise }),
    log: (run: RunKey, batch: LogBatch) => logBatch(workshop, addressOf(run), batch),
    logMetric: (run: RunKey, metric: MetricEntry) => logMetric(workshop, addressOf(run), metric),
    run: (project: string, run: string) => getRun(workshop, { project, run }),
  };
}

function artifactCommands(workshop: Workshop) {
  const placeOf = (run: RunKey, name: string) => ({ holder: runHolder(addressOf(run)), name });
  return {
    putArtifact: (run: RunKey, name: string, content: files.ArtifactContent) => files.putFile(workshop, placeOf(run, name), content),
    artifact: (run: RunKey, name: string) => files.getFile(workshop, placeOf(run, name)),
    readArtifact: (artifact: Artifact, range?: ByteRange) => files.readFile(workshop, artifact, range),
    artifacts: (run: RunKey) => files.allFiles(workshop, placeOf(run, '')),
    artifactFolder: (run: RunKey, page: FolderPage) => files.pageOfFiles(workshop, runHolder(addressOf(run)), page),
    deleteArtifact: (context: ChangeContext, run: RunKey, name: string) => deleteArtifact(workshop, context, { ...addressOf(run), name }),
    ...fileCommands(workshop),
  };
}

function experimentCommands(workshop: Workshop) {
  return {
    createExperiment: (context: ChangeContext, input: experiments.CreateExperiment) =>
      experiments.createExperiment(workshop, context, input),
    experiment: (project: string, by: ExperimentAddress) => experiments.getExperiment(workshop, project, by),
    experiments: (project: string, page: ExperimentPage) => experiments.pageOfExperiments(workshop, project, page),
    editExperiment: (context: ChangeContext, experiment: ExperimentIn, change: ExperimentChange) =>
      editExperiment(workshop, context, { ...experiment, change }),
    deleteExperiment: (context: ChangeContext, experiment: ExperimentIn) =>
      markExperiment(workshop, context, { ...experiment, deleted: true }),
    restoreExperiment: (context: ChangeContext, experiment: ExperimentIn) =>
      markExperiment(workshop, context, { ...experiment, deleted: false }),
  };
}

function queries(workshop: Workshop) {
  return {
    findRuns: (search: RunSearch) => findRuns(workshop, search),
    findExperiments: (search: ExperimentSearch) => findExperiments(workshop, search),
    countRuns: (search: Omit<RunSearch, 'limit' | 'after' | 'order'>) => countFoundRuns(workshop, search),
    compareRuns: (project: string, runIds: readonly string[]) => compareRuns(workshop, project, runIds),
    metricHistory: (run: RunKey, page: HistoryPage & { metric: string }) => metricHistory(workshop, addressOf(run), page),
    /** The latest metrics of logged models, by model. */
    modelMetrics: (project: string, models: readonly string[]) => readModelMetrics(workshop.database, project, models),
    metricCurves: (project: string, request: CurveRequest) => metricCurves(workshop, project, request),
    /** Datasets that runs of some experiments (by their numbers) read. */
    datasetsOf: (project: string, of: { readonly experiments: readonly number[]; readonly limit: number }) =>
      findUsedDatasets(workshop.database, project, of),
    /** Names of the metrics, parameters or tags that the project's runs have. */
    names: (project: string, kind: NameKind) => workshop.names.list(project, kind),
  };
}
