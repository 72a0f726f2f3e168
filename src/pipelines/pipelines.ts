import { availableParallelism } from 'node:os';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { z } from 'zod';
import { createCodeSnapshots } from './code/code-snapshots.ts';
import type { Data, Projects, Registry, Tracking } from './collaborators.ts';
import { defineProject } from './define.ts';
import { cancelRun, retryRun } from './end-runs.ts';
import { pipelineEndpoints } from './endpoints.ts';
import { pipelineErrors } from './errors.ts';
import type { Executor } from './executors/executor.ts';
import { makeExecutor } from './executors/executors.ts';
import { explainRun, type StepExplanation } from './explain.ts';
import type { PipelineRun, PipelineRunId, StepRun } from './model.ts';
import { type DefinedPipeline, selectPipeline, selectPipelines } from './pipeline-store.ts';
import { type RunFilter, selectRun, selectRuns, unfinishedRuns } from './run-store.ts';
import { drive } from './runner/drive.ts';
import { driveJob } from './runner/finish-run.ts';
import type { RunnerDeps } from './runner/session.ts';
import { createSlots } from './runner/slots.ts';
import { notFound, type StartRequest, startRun } from './start-run.ts';
import { createStepLogs, type StepLogs } from './step-log.ts';
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

export interface Pipelines {
  /** Reads the project's ripen.yaml and code again. @throws `pipelines.definition-*`, `pipelines.code-*` */
  define(context: ChangeContext, project: string): Promise<readonly DefinedPipeline[]>;
  pipelines(project: string): Promise<readonly DefinedPipeline[]>;
  /** @throws `pipelines.pipeline-not-found` */
  pipeline(project: string, name: string): Promise<DefinedPipeline>;
  /** Starts a run of the pipeline as ripen.yaml and the code are now; returns when the run is written, not when it is done. */
  startRun(context: ChangeContext, request: StartRequest): Promise<PipelineRun>;
  /** @throws `pipelines.pipeline-run-not-found` */
  pipelineRun(project: string, id: string): Promise<PipelineRun>;
  /** Newest first. */
  pipelineRuns(filter: RunFilter): Promise<readonly PipelineRun[]>;
  steps(run: PipelineRun): Promise<readonly StepRun[]>;
  explain(run: PipelineRun): Promise<readonly StepExplanation[]>;
  readonly logs: StepLogs;
  cancel(context: ChangeContext, run: PipelineRun): Promise<void>;
  /** A new run that goes on where this one failed. */
  retry(context: ChangeContext, run: PipelineRun): Promise<PipelineRun>;
  readonly endpoints: readonly Endpoint[];
  /** After `jobs` can be started: ends leftovers, takes up unfinished runs, watches triggers. */
  start(): Promise<void>;
  stop(): Promise<void>;
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

  const service: Omit<Pipelines, 'endpoints'> = {
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

const payloadSchema = z.object({ pipelineRun: z.string() });

/** Runs are driven by a job each, so a run outlives its server. Gives what cancels those driven here. */
function defineDriver(deps: RunnerDeps): ReadonlyMap<string, AbortController> {
  const cancels = new Map<string, AbortController>();
  deps.jobs.define(driveJob, {
    // A run that a crash interrupts is taken up again however often that happens; a failing step ends the run, not the job.
    maxAttempts: 1000,
    longestBackoffMs: 30_000,
    concurrency: 16,
    async handle(job, stop) {
      const { pipelineRun } = payloadSchema.parse(job.payload);
      const cancel = new AbortController();
      cancels.set(pipelineRun, cancel);
      try {
        await drive(deps, pipelineRun, { stop, cancel });
      } finally {
        cancels.delete(pipelineRun);
      }
    },
  });
  return cancels;
}

/** Every unfinished run has its job again, also where the job was lost or given up. One that waits for its trigger's turn stays waiting. */
async function resume(deps: RunnerDeps): Promise<void> {
  const runs = await unfinishedRuns(deps.events.database);
  const busy = new Set(runs.filter((run) => run.state === 'running').map(triggerOf));
  for (const run of runs) {
    const waits = run.state === 'queued' && run.triggerName !== undefined && busy.has(triggerOf(run));
    const jobs = waits ? [] : await deps.jobs.find({ kind: driveJob, key: run.id });
    if (waits || jobs.some((job) => job.state !== 'dead')) continue;
    await deps.jobs.enqueue(deps.events.database, {
      kind: driveJob,
      key: run.id,
      payload: { pipelineRun: run.id satisfies PipelineRunId },
    });
  }
}

function triggerOf(run: PipelineRun): string {
  return `${run.project}/${run.triggerName ?? run.id}`;
}
