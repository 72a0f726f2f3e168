import { availableParallelism } from 'node:os';
import type { Kernel } from '#kernel/kernel.ts';
import { createCodeSnapshots } from './code/code-snapshots.ts';
import type { Data, Projects, Registry, Tracking } from './collaborators.ts';
import { defineProject } from './define.ts';
import { cancelRun, retryRun } from './end-runs.ts';
import { pipelineEndpoints } from './endpoints.ts';
import { pipelineErrors } from './errors.ts';
import type { Executor } from './executors/executor.ts';
import { makeExecutor } from './executors/executors.ts';
import { explainRun } from './explain.ts';
import { selectPipeline, selectPipelines } from './pipeline-store.ts';
import { selectRun, selectRuns } from './run-store.ts';
import { defineDriver, resume } from './runner/driver-job.ts';
import type { RunnerDeps } from './runner/session.ts';
import { createSlots } from './runner/slots.ts';
import type { PipelineService, Pipelines } from './service.ts';
import { notFound, startRun } from './start-run.ts';
import { createStepLogs } from './step-log.ts';
import { selectSteps } from './step-store.ts';
import { createTriggers } from './triggers/triggers.ts';

export interface PipelinesDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'log' | 'home' | 'instance' | 'events' | 'objects' | 'jobs'>;
  readonly projects: Projects;
  readonly data: Data;
  readonly tracking: Tracking;
  readonly registry: Registry;
  /** Where steps run: a name of the table of executors, or one of your own; `local` unless said. */
  readonly executor?: string | Executor | undefined;
  /** Steps at once on this server; the number of processor cores unless said. */
  readonly parallelSteps?: number | undefined;
}

/** Pipelines of a project: declared in ripen.yaml, run as processes, reused by content, resumed after a crash. */
export function createPipelines(deps: PipelinesDeps): Pipelines {
  const { kernel } = deps;
  const { database } = kernel.events;
  const executor = typeof deps.executor === 'object' ? deps.executor : makeExecutor(deps.executor ?? 'local', kernel);
  const slots = createSlots(deps.parallelSteps ?? availableParallelism());
  const runner: RunnerDeps = { ...pick(deps), executor, slots };
  const start = { ...runner, code: createCodeSnapshots(kernel.objects) };
  const cancels = defineDriver(runner);
  const triggers = createTriggers(start);
  let stopTriggers: (() => Promise<void>) | undefined;

  const service: PipelineService = {
    define: (context, project) => defineProject(start, context, project),
    pipelines: (project) => selectPipelines(database, project),
    async pipeline(project, name) {
      const found = await selectPipeline(database, project, name);
      if (found !== undefined) return found;
      const known = (await selectPipelines(database, project)).map(({ definition }) => definition);
      throw notFound(project, name, known);
    },
    async startRun(context, request) {
      const run = await startRun(start, context, request);
      // Only triggered starts can be passed over.
      if (run === undefined) throw new Error(`The pipeline ${request.pipeline} was not started.`);
      return run;
    },
    async pipelineRun(project, id) {
      const run = await selectRun(database, id);
      if (run === undefined || run.project !== project) throw pipelineErrors['pipeline-run-not-found']({ pipelineRun: id });
      return run;
    },
    pipelineRuns: (filter) => selectRuns(database, filter),
    steps: (run) => selectSteps(database, run.id),
    explain: (run) => explainRun({ database, objects: kernel.objects }, run),
    logs: createStepLogs({ database, objects: kernel.objects, home: kernel.home }),
    async cancel(context, run) {
      await cancelRun(runner, context, run);
      cancels.get(run.id)?.abort(pipelineErrors['step-cancelled']({ step: run.pipeline }));
    },
    retry: (context, run) => retryRun(runner, context, run),
    async start() {
      await executor.sweep();
      await resume(runner);
      stopTriggers = triggers.start();
    },
    async stop() {
      await stopTriggers?.();
    },
  };
  return { ...service, endpoints: pipelineEndpoints(service, kernel) };
}

function pick({ kernel, projects, data, tracking, registry }: PipelinesDeps): Omit<RunnerDeps, 'executor' | 'slots'> {
  const { clock, ids, log, home, events, objects, jobs } = kernel;
  return { clock, ids, log, home, events, objects, jobs, projects, data, tracking, registry };
}
