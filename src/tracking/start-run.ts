import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from './errors.ts';
import { openExperiment } from './experiments.ts';
import { insertInputs } from './fact-store.ts';
import { type Run, type RunInput, type RunOrigin, transition } from './model.ts';
import { checkName, checkValue, limits } from './names.ts';
import { runNameOf } from './run-name-of.ts';
import { findRunByRequest, insertRun, type NewRun } from './run-store.ts';
import { assembleOne } from './runs.ts';
import { runSubject, source, type Workshop } from './service.ts';

export interface StartRun extends Omit<RunOrigin, 'computeTarget'> {
  readonly project: string;
  /** Created when the project has none of that name. */
  readonly experiment: string;
  readonly name?: string | undefined;
  /** Default `local`. */
  readonly computeTarget?: string | undefined;
  readonly inputs?: readonly RunInput[] | undefined;
  /** Epoch ms, for runs that began before they were reported. */
  readonly startedAt?: number | undefined;
  /** Asking again with the same key gives the run of the first time: for clients that did not hear the answer. */
  readonly requestKey?: string | undefined;
}

/** Starts a run; emits `run.started`. @throws `tracking.experiment-deleted`, `tracking.name-invalid`, `tracking.value-*` */
export async function startRun(workshop: Workshop, context: ChangeContext, input: StartRun): Promise<Run> {
  checkStart(input);
  const { name: project } = await workshop.projects.project(input.project);
  const row = await workshop.events.change({ ...context, project }, async (change) => {
    const earlier = input.requestKey === undefined ? undefined : await findRunByRequest(change, project, input.requestKey);
    if (earlier !== undefined) return earlier;
    const experiment = await openExperiment(change, { project, name: input.experiment }, workshop);
    const run = newRun(workshop, context, { ...input, project, experimentNumber: experiment.number });
    const number = await insertRun(change, run);
    await insertInputs(change, number, input.inputs ?? []);
    change.emit({ type: 'run.started', source, subject: runSubject(run), data: startedData(run, input) });
    return { ...run, number, experiment_id: experiment.id, experiment_name: experiment.name };
  });
  return assembleOne(workshop, row);
}

function checkStart(input: StartRun): void {
  checkName('an experiment', input.experiment);
  if (input.name !== undefined) checkName('a run', input.name);
  if (input.requestKey !== undefined) checkName('a request', input.requestKey);
  for (const [what, value] of Object.entries({
    'a pipeline run': input.pipelineRun,
    'a parent run': input.parentRun,
    'a commit': input.commit,
    'a code digest': input.codeDigest,
    'an environment digest': input.environmentDigest,
    'a compute target': input.computeTarget,
  })) {
    if (value !== undefined) checkName(what, value);
  }
  checkInputs(input.inputs ?? []);
}

/** @throws `tracking.name-invalid`, `tracking.batch-too-large`, `tracking.value-*` */
export function checkInputs(inputs: readonly RunInput[]): void {
  if (inputs.length > limits.inputs)
    throw trackingErrors['batch-too-large']({ what: 'inputs', count: inputs.length, limit: limits.inputs });
  for (const { dataset, digest, context, details } of inputs) {
    checkName('a dataset', dataset);
    checkName('a digest', digest);
    if (context !== undefined) checkName('the use of a dataset', context);
    if (details !== undefined) checkValue('input', dataset, details);
  }
}

function newRun(workshop: Workshop, { actor }: ChangeContext, input: StartRun & { experimentNumber: number }): NewRun {
  const id = workshop.ids.next();
  return {
    id,
    project: input.project,
    experiment: input.experimentNumber,
    name: input.name ?? runNameOf(id),
    state: transition(id, 'created', 'start'),
    started_at: input.startedAt ?? workshop.clock.now(),
    finished_at: null,
    deleted_at: null,
    started_by: JSON.stringify(actor),
    started_by_name: actor.name,
    pipeline_run: input.pipelineRun ?? null,
    parent_run: input.parentRun ?? null,
    git_commit: input.commit ?? null,
    dirty: input.dirty === undefined ? null : Number(input.dirty),
    code_digest: input.codeDigest ?? null,
    environment_digest: input.environmentDigest ?? null,
    compute_target: input.computeTarget ?? 'local',
    cpu_ms: null,
    peak_memory_bytes: null,
    request_key: input.requestKey ?? null,
  };
}

function startedData(run: NewRun, input: StartRun) {
  return {
    run: run.id,
    experiment: input.experiment,
    pipelineRun: input.pipelineRun,
    commit: input.commit,
    dirty: input.dirty,
    codeDigest: input.codeDigest,
    environmentDigest: input.environmentDigest,
    computeTarget: run.compute_target,
    inputs: (input.inputs ?? []).map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
  };
}
