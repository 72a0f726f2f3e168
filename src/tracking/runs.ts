import type { ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from './errors.ts';
import { openExperiment } from './experiments.ts';
import { insertInputs } from './fact-store.ts';
import {
  actionOfOutcome,
  type Run,
  type RunInput,
  type RunOrigin,
  type RunOutcome,
  type RunState,
  type RunUse,
  transition,
} from './model.ts';
import { checkName, checkValue, limits } from './names.ts';
import { randomRunName } from './run-names.ts';
import {
  assembleRuns,
  countFacts,
  findRun,
  findRunByRequest,
  holdRun,
  insertRun,
  type NewRun,
  type RunReference,
  updateRun,
} from './run-store.ts';
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

function checkInputs(inputs: readonly RunInput[]): void {
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
    name: input.name ?? randomRunName(id),
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

export interface FinishRun extends RunUse {
  readonly outcome: RunOutcome;
  /** Epoch ms; default now. */
  readonly finishedAt?: number | undefined;
}

/** Ends a run; emits `run.finished`. The same outcome again changes nothing. @throws `tracking.run-state`, `tracking.run-deleted` */
export async function finishRun(workshop: Workshop, context: ChangeContext, address: RunAddress, end: FinishRun): Promise<Run> {
  return changeRun(workshop, context, address, async (change, run) => {
    if (run.state === end.outcome) return;
    const state = transition(run.id, run.state as RunState, actionOfOutcome[end.outcome]);
    const finishedAt = end.finishedAt ?? workshop.clock.now();
    // A clock that was set back must not make a run end before it began.
    const durationMs = Math.max(0, finishedAt - run.started_at);
    const { cpuMs, peakMemoryBytes } = end;
    await updateRun(change, run.number, {
      state,
      finished_at: run.started_at + durationMs,
      ...(cpuMs === undefined ? {} : { cpu_ms: cpuMs }),
      ...(peakMemoryBytes === undefined ? {} : { peak_memory_bytes: Math.round(peakMemoryBytes) }),
    });
    const counts = await countFacts(change, run.number);
    const data = { run: run.id, outcome: end.outcome, ...counts, durationMs, cpuMs, peakMemoryBytes };
    change.emit({ type: 'run.finished', source, subject: runSubject(run), data });
  });
}

/** Sets an ended run running again; emits `run.reopened`. A running run stays as it is. */
export async function reopenRun(workshop: Workshop, context: ChangeContext, address: RunAddress): Promise<Run> {
  return changeRun(workshop, context, address, async (change, run) => {
    if (run.state === 'running') return;
    const state = transition(run.id, run.state as RunState, 'reopen');
    await updateRun(change, run.number, { state, finished_at: null });
    change.emit({ type: 'run.reopened', source, subject: runSubject(run), data: { run: run.id, from: run.state } });
  });
}

export async function renameRun(workshop: Workshop, address: RunAddress, name: string): Promise<Run> {
  checkName('a run', name);
  await workshop.database.transaction(async (tx) => {
    const run = required(await holdRun(tx, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await updateRun(tx, run.number, { name });
  });
  return getRun(workshop, address);
}

/** Deletes a run (it can be restored) or restores it; doing it again changes nothing. */
export async function markRun(workshop: Workshop, context: ChangeContext, mark: RunAddress & { deleted: boolean }): Promise<Run> {
  const { project } = await getRun(workshop, mark);
  await workshop.events.change({ ...context, project }, async (change) => {
    const run = required(await holdRun(change, mark.run), mark);
    if ((run.deleted_at !== null) === mark.deleted) return;
    await updateRun(change, run.number, { deleted_at: mark.deleted ? workshop.clock.now() : null });
    change.emit({ type: mark.deleted ? 'run.deleted' : 'run.restored', source, subject: runSubject(run), data: { run: run.id } });
  });
  return getRun(workshop, mark);
}

/** Adds datasets that the run read. One that is there already, by name and digest, stays as it was. */
export async function addInputs(workshop: Workshop, address: RunAddress, inputs: readonly RunInput[]): Promise<Run> {
  checkInputs(inputs);
  await workshop.database.transaction(async (tx) => {
    const run = required(await holdRun(tx, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await insertInputs(tx, run.number, inputs);
  });
  return getRun(workshop, address);
}

/** A run by its id; with `project` only when it is there. */
export interface RunAddress {
  readonly run: string;
  readonly project?: string | undefined;
}

/** @throws `tracking.run-not-found` */
export async function getRun(workshop: Workshop, { run, project }: RunAddress): Promise<Run> {
  const row = await findRun(workshop.database, run, project);
  if (row === undefined) throw trackingErrors['run-not-found']({ run, project });
  return assembleOne(workshop, row);
}

/** @throws `tracking.run-not-found` also when the run is in another project */
export function required<Row extends { readonly project: string }>(row: Row | undefined, { run, project }: RunAddress): Row {
  if (row === undefined || (project !== undefined && row.project !== project)) throw trackingErrors['run-not-found']({ run, project });
  return row;
}

type RunChange = Parameters<Parameters<Workshop['events']['change']>[1]>[0];

async function changeRun(
  workshop: Workshop,
  context: ChangeContext,
  address: RunAddress,
  work: (change: RunChange, run: RunReference) => Promise<void>,
): Promise<Run> {
  const { project } = required(await findRun(workshop.database, address.run, address.project), address);
  await workshop.events.change({ ...context, project }, async (change) => {
    const run = required(await holdRun(change, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await work(change, run);
  });
  return getRun(workshop, address);
}

async function assembleOne(workshop: Workshop, row: Parameters<typeof assembleRuns>[1][number]): Promise<Run> {
  const [run] = await assembleRuns(workshop.database, [row]);
  return required(run, { run: row.id });
}
