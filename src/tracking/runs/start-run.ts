import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from '../errors.ts';
import { checkExperimentName, checkTags } from '../experiments/experiments.ts';
import { type RunInput, type RunOrigin, transition } from '../model.ts';
import { checkName, checkValue, limits } from '../names.ts';
import { runNameOf } from './run-name-of.ts';
import type { NewRun } from './run-store.ts';
import type { Workshop } from '../service.ts';

export interface StartRun extends Omit<RunOrigin, 'computeTarget'> {
  readonly project: string;
  /** By name: created when the project has none of that name. By number: it must exist (0 always does). */
  readonly experiment: string | { readonly sequence: number };
  readonly name?: string | undefined;
  /** Default `local`. */
  readonly computeTarget?: string | undefined;
  readonly inputs?: readonly RunInput[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Who is shown as the person that works on it; default the name of the caller. */
  readonly user?: string | undefined;
  /** A scheduled run waits for its machine. Default `running`. */
  readonly state?: 'running' | 'scheduled' | undefined;
  /** Epoch ms, for runs that began before they were reported. */
  readonly startedAt?: number | undefined;
  /** Asking again with the same key gives the run of the first time: for clients that did not hear the answer. */
  readonly requestKey?: string | undefined;
}

/** @throws `tracking.name-invalid`, `tracking.value-*`, `tracking.batch-too-large` */
export function checkStart(input: StartRun): void {
  if (typeof input.experiment === 'string') checkExperimentName(input.experiment);
  if (input.name !== undefined) checkName('a run', input.name);
  if (input.requestKey !== undefined) checkName('a request', input.requestKey);
  for (const [what, value] of Object.entries({
    'a pipeline run': input.pipelineRun,
    'a parent run': input.parentRun,
    'a commit': input.commit,
    'a code digest': input.codeDigest,
    'an environment digest': input.environmentDigest,
    'a compute target': input.computeTarget,
    'a person': input.user,
  })) {
    if (value !== undefined) checkName(what, value);
  }
  checkTags(input.tags ?? {});
  checkInputs(input.inputs ?? []);
}

/** @throws `tracking.name-invalid`, `tracking.batch-too-large`, `tracking.value-*` */
export function checkInputs(inputs: readonly RunInput[]): void {
  if (inputs.length > limits.inputs)
    throw trackingErrors['batch-too-large']({ what: 'inputs', count: inputs.length, limit: limits.inputs });
  for (const { dataset, digest, context, tags, details } of inputs) {
    checkName('a dataset', dataset, limits.datasetName);
    checkName('a digest', digest);
    if (context !== undefined) checkName('the use of a dataset', context, limits.datasetName);
    if (tags !== undefined) checkTags(tags);
    if (details !== undefined) checkValue('input', dataset, details);
  }
}

/** The row of a run that begins now. */
export function newRun(workshop: Workshop, { actor }: ChangeContext, input: StartRun & { experimentNumber: number }): NewRun {
  const id = workshop.ids.next();
  return {
    id,
    project: input.project,
    experiment: input.experimentNumber,
    name: input.name ?? runNameOf(id),
    state: transition(id, 'created', input.state === 'scheduled' ? 'schedule' : 'start'),
    started_at: input.startedAt ?? workshop.clock.now(),
    finished_at: null,
    deleted_at: null,
    deleted_with_experiment: null,
    started_by: JSON.stringify(actor),
    started_by_name: input.user ?? actor.name,
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

/** What `run.started` says. */
export function startedData(run: NewRun, { experiment, inputs }: { experiment: string; inputs: readonly RunInput[] }) {
  return {
    run: run.id,
    experiment,
    pipelineRun: run.pipeline_run ?? undefined,
    commit: run.git_commit ?? undefined,
    dirty: run.dirty === null ? undefined : run.dirty === 1,
    codeDigest: run.code_digest ?? undefined,
    environmentDigest: run.environment_digest ?? undefined,
    computeTarget: run.compute_target,
    inputs: inputs.map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
  };
}
