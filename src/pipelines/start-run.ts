import type { RipenError } from '#kernel/errors.ts';
import type { ChangeContext, RipenEvent } from '#kernel/events/index.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import type { CodeSnapshot } from './code/code-snapshots.ts';
import { definePipeline, type DefineDeps, readProject } from './define.ts';
import { pipelineErrors } from './errors.ts';
import type { PipelineRun } from './model.ts';
import { newRun, resolveInputs, type StartRequest, type TriggeredStart } from './new-run.ts';
import { runParameters } from './parameters.ts';
import { retrainingEvent, startedEvent } from './run-events.ts';
import { insertRun, selectRuns } from './run-store.ts';
import { driveJob } from './runner/finish-run.ts';
import type { RunnerDeps } from './runner/session.ts';
import { insertSteps } from './step-store.ts';

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
