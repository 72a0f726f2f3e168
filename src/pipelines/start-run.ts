import type { RipenError } from '#kernel/errors.ts';
import type { ChangeContext, RipenEvent } from '#kernel/events/index.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import type { CodeSnapshot } from './code/code-snapshots.ts';
import { definePipeline, type DefineDeps, readProject } from './define.ts';
import { pipelineErrors } from './errors.ts';
import type { DatasetPin, ParameterValues, PipelineDefinition, PipelineRun, PipelineRunId, RunTrigger } from './model.ts';
import { runParameters } from './parameters.ts';
import { insertRun, selectRuns } from './run-store.ts';
import { driveJob } from './runner/finish-run.ts';
import type { RunnerDeps } from './runner/session.ts';
import { insertSteps } from './step-store.ts';
import { datasetReference } from './steps/cache-key.ts';

export interface StartRequest {
  readonly project: string;
  readonly pipeline: string;
  /** In place of the defaults. */
  readonly parameters?: ParameterValues | undefined;
  /** Manual unless said. */
  readonly trigger?: RunTrigger | undefined;
  /** Run every step, whatever the cache holds. */
  readonly fresh?: boolean | undefined;
}

/** What a trigger adds to a request. */
export interface TriggeredStart extends StartRequest {
  readonly triggerName: string;
  /** The event that caused it, when it was one. */
  readonly cause: RipenEvent | undefined;
  readonly depth: number;
}

export type StartDeps = DefineDeps & Pick<RunnerDeps, 'ids' | 'data'>;

/**
 * Starts a run of a pipeline as ripen.yaml and the code are now. The run and its event are there when this returns; its steps follow.
 * Gives undefined for a triggered start that was not needed: the event has been answered, or a run of that trigger already waits.
 */
export async function startRun(
  deps: StartDeps,
  context: ChangeContext,
  request: StartRequest | TriggeredStart,
): Promise<PipelineRun | undefined> {
  const { project, pipeline } = request;
  const { path, file } = await readProject(deps, project);
  const definition = file.pipelines.find(({ name }) => name === pipeline);
  if (definition === undefined) throw notFound(project, pipeline, file.pipelines);
  const parameters = runParameters(definition, request.parameters ?? {});
  const code = await deps.code.take(path, definition);
  const inputs = await resolveInputs(deps, project, definition);
  const run = newRun(deps, context, { request, definition, parameters, code, inputs });
  return insertStarted(deps, context, run, { code, cause: 'cause' in request ? request.cause : undefined });
}

export function notFound(project: string, pipeline: string, known: readonly { readonly name: string }[]): RipenError {
  const nearest = nearestName(
    pipeline,
    known.map(({ name }) => name),
  );
  return pipelineErrors['pipeline-not-found']({ project, pipeline, nearest });
}

/** Writes a new run, its steps, its event and its job together. */
export async function insertStarted(
  deps: Pick<StartDeps, 'events' | 'clock' | 'jobs' | 'ids'>,
  context: ChangeContext,
  run: PipelineRun,
  of: { readonly code: CodeSnapshot | undefined; readonly cause: RipenEvent | undefined },
): Promise<PipelineRun | undefined> {
  return deps.events.change({ ...context, project: run.project }, async (change) => {
    const siblings = run.triggerName === undefined ? [] : await unfinishedOfTrigger(change, run.project, run.triggerName);
    if (siblings.some(({ state }) => state === 'queued')) return undefined;
    if (!(await insertRun(change, run))) return undefined;
    if (of.code !== undefined) await definePipeline(deps, change, { project: run.project, definition: run.definition, code: of.code });
    await insertSteps(change, run, () => deps.ids.next());
    change.emit(startedEvent(run));
    if (of.cause !== undefined && run.trigger.kind === 'alert') change.emit(retrainingEvent(run, of.cause));
    // While one run of a trigger is under way, the next waits for its end.
    if (siblings.length === 0) await deps.jobs.enqueue(change, { kind: driveJob, key: run.id, payload: { pipelineRun: run.id } });
    return run;
  });
}

async function unfinishedOfTrigger(from: Parameters<typeof selectRuns>[0], project: string, triggerName: string): Promise<PipelineRun[]> {
  const queued = await selectRuns(from, { project, triggerName, state: 'queued', limit: 1 });
  return [...queued, ...(await selectRuns(from, { project, triggerName, state: 'running', limit: 1 }))];
}

/** Datasets that no step of the pipeline publishes are fixed now; the others when they are read. */
async function resolveInputs(
  deps: Pick<StartDeps, 'data'>,
  project: string,
  definition: PipelineDefinition,
): Promise<Record<string, DatasetPin>> {
  const published = new Set(definition.steps.flatMap((step) => step.publishes.map(({ dataset }) => dataset)));
  const inputs: Record<string, DatasetPin> = {};
  for (const source of definition.steps.flatMap((step) => Object.values(step.inputs))) {
    if (source.kind === 'output' || (source.snapshot === undefined && published.has(source.dataset))) continue;
    const reference = datasetReference(source);
    if (inputs[reference] !== undefined) continue;
    const { dataset, number, digest, rows } = await deps.data.snapshots.resolve(project, reference);
    inputs[reference] = { dataset, snapshot: number, digest, rows };
  }
  return inputs;
}

interface NewRun {
  readonly request: StartRequest | TriggeredStart;
  readonly definition: PipelineDefinition;
  readonly parameters: ParameterValues;
  readonly code: CodeSnapshot;
  readonly inputs: Readonly<Record<string, DatasetPin>>;
}

function newRun(
  deps: Pick<StartDeps, 'ids' | 'clock'>,
  context: ChangeContext,
  { request, definition, parameters, code, inputs }: NewRun,
): PipelineRun {
  const triggered = 'triggerName' in request ? request : undefined;
  const { steps: stepCode, codeDigest, environmentDigest, commit, dirty } = code;
  return {
    id: deps.ids.next() as PipelineRunId,
    project: request.project,
    pipeline: definition.name,
    state: 'queued',
    trigger: request.trigger ?? { kind: 'manual' },
    triggerName: triggered?.triggerName,
    depth: triggered?.depth ?? 0,
    definition,
    parameters,
    inputs,
    codeDigest,
    environmentDigest,
    commit,
    dirty,
    stepCode,
    actor: context.actor,
    run: undefined,
    registered: undefined,
    failure: undefined,
    cancelRequested: false,
    fresh: request.fresh ?? false,
    retryOf: undefined,
    createdAt: deps.clock.now(),
    startedAt: undefined,
    finishedAt: undefined,
  };
}

function startedEvent(run: PipelineRun) {
  const { pipeline, codeDigest, environmentDigest, commit, dirty, parameters } = run;
  const trigger = { kind: run.trigger.kind, event: run.trigger.event };
  return {
    type: 'pipeline.run.started',
    source: 'pipelines',
    subject: `projects/${run.project}/pipeline-runs/${run.id}`,
    data: { pipelineRun: run.id, pipeline, trigger, codeDigest, environmentDigest, commit, dirty, parameters },
  };
}

function retrainingEvent(run: PipelineRun, cause: RipenEvent) {
  const { alert } = cause.data;
  return {
    type: 'retraining.triggered',
    source: 'pipelines',
    subject: `projects/${run.project}/pipeline-runs/${run.id}`,
    data: { pipelineRun: run.id, pipeline: run.pipeline, alert, event: cause.number },
  };
}
