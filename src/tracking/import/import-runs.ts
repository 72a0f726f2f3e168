import { RipenError } from '#kernel/errors.ts';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { findExperiment } from '../experiments/experiment-store.ts';
import { checkTags } from '../experiments/experiments.ts';
import { insertInputs } from '../runs/input-store.ts';
import { logBatch, sealRun } from '../log/log.ts';
import type { MetricEntry } from '../model.ts';
import { checkName, limits } from '../names.ts';
import { insertRunModels } from '../runs/run-model-store.ts';
import { runNameOf } from '../runs/run-name-of.ts';
import { insertRuns, type NewRun, updateRun } from '../runs/run-store.ts';
import { runSubject, source, type Workshop } from '../service.ts';
import { checkInputs } from '../runs/start-run.ts';
import type { ExperimentRow } from '../store.ts';
import { importErrors } from './errors.ts';
import { findRunsAnywhere, type KnownRun } from './import-run-store.ts';
import type { ImportedRun, ImportOutcome } from './model.ts';

export interface ImportRuns {
  readonly project: string;
  readonly runs: readonly ImportedRun[];
}

/**
 * Keeps runs of another server with their ids, times and histories, or adds to those that are here what is new of them: sending the same
 * again changes nothing. A run that cannot be kept is refused alone. Emits `run.imported` for each new one.
 * @throws `tracking.import-experiment-missing`
 */
export async function importRuns(workshop: Workshop, context: ChangeContext, input: ImportRuns): Promise<ImportOutcome[]> {
  const { name: project } = await workshop.projects.project(input.project);
  const outcomes = new Map<string, ImportOutcome>();
  const sound = input.runs.filter((run) => {
    const problem = problemIn(() => checkRun(run));
    if (problem !== undefined) outcomes.set(run.id, refused(run.id, problem));
    return problem === undefined;
  });
  const rows = await workshop.events.change({ ...context, project }, (change) => writeRuns(change, { context, project, runs: sound }));
  await Promise.all(
    sound.map(async (run) => {
      const written = rows.get(run.id);
      const problem = written instanceof RipenError ? written : await logAll(workshop, project, run);
      const isNew = written === 'created';
      outcomes.set(run.id, problem === undefined ? { id: run.id, outcome: isNew ? 'created' : 'updated' } : refused(run.id, problem));
    }),
  );
  return input.runs.flatMap(({ id }) => outcomes.get(id) ?? []);
}

export function refused(id: string, { code, message }: RipenError): ImportOutcome {
  return { id, outcome: 'refused', problem: { code, message } };
}

/** What a check says; other errors are thrown on. */
export function problemIn(check: () => void): RipenError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof RipenError) return error;
    throw error;
  }
}

function checkRun(run: ImportedRun): void {
  if (!/^[\w-]{1,64}$/.test(run.id))
    throw importErrors['import-invalid']({ what: 'run', id: run.id.slice(0, 80), problem: 'its id must be letters, digits, "_" and "-"' });
  if (run.name !== undefined) checkName('a run', run.name);
  if (run.user !== undefined) checkName('a person', run.user);
  if (run.parentRun !== undefined) checkName('a parent run', run.parentRun);
  if (run.commit !== undefined) checkName('a commit', run.commit);
  checkTags(run.tags);
  checkInputs(run.inputs);
  for (const { model } of [...run.inputModels, ...run.outputModels]) checkName('a logged model', model);
}

type Written = 'created' | 'updated' | RipenError;

async function writeRuns(
  change: Change,
  { context, project, runs }: { context: ChangeContext; project: string; runs: readonly ImportedRun[] },
): Promise<ReadonlyMap<string, Written>> {
  const known = await findRunsAnywhere(
    change,
    runs.map(({ id }) => id),
  );
  const experiments = new Map<number, ExperimentRow>();
  for (const { experiment: sequence } of runs) {
    if (experiments.has(sequence)) continue;
    const row = await findExperiment(change, project, { sequence });
    if (row === undefined) throw importErrors['import-experiment-missing']({ experiment: sequence, project });
    experiments.set(sequence, row);
  }
  const written = new Map<string, Written>();
  const fresh = new Map<string, NewRun>();
  const numbers = new Map<string, number>();
  for (const run of runs) {
    const existing = known.get(run.id);
    const problem = existing === undefined ? undefined : problemOf(existing, project);
    if (problem !== undefined) written.set(run.id, problem);
    else if (existing === undefined)
      fresh.set(run.id, rowOf(run, { project, context, experiment: experiments.get(run.experiment)?.number ?? 0 }));
    else {
      const { id: _, project: __, experiment: ___, ...row } = rowOf(run, { project, context, experiment: 0 });
      const { name, state, finished_at, started_by_name, parent_run, git_commit } = row;
      await updateRun(change, existing.number, { name, state, finished_at, started_by_name, parent_run, git_commit });
      numbers.set(run.id, existing.number);
      written.set(run.id, 'updated');
    }
  }
  if (fresh.size > 0) for (const [id, number] of await insertRuns(change, [...fresh.values()])) numbers.set(id, number);
  for (const run of runs) {
    const number = numbers.get(run.id);
    if (number === undefined) continue;
    await insertInputs(change, number, run.inputs);
    await insertRunModels(change, number, { role: 'input', models: run.inputModels });
    await insertRunModels(change, number, { role: 'output', models: run.outputModels });
    if (!fresh.has(run.id)) continue;
    written.set(run.id, 'created');
    const data = { run: run.id, experiment: experiments.get(run.experiment)?.name, state: run.state, startedAt: run.startedAt };
    change.emit({ type: 'run.imported', source, subject: runSubject({ project, id: run.id }), data });
  }
  return written;
}

function problemOf(existing: KnownRun, project: string): RipenError | undefined {
  if (existing.project !== project) return importErrors['import-id-taken']({ what: 'run', id: existing.id });
  return existing.deleted_at === null ? undefined : importErrors['import-deleted-here']({ what: 'run', id: existing.id });
}

function rowOf(run: ImportedRun, at: { project: string; context: ChangeContext; experiment: number }): NewRun {
  return {
    id: run.id,
    project: at.project,
    experiment: at.experiment,
    name: run.name ?? runNameOf(run.id),
    state: run.state,
    started_at: run.startedAt,
    finished_at: run.finishedAt ?? null,
    deleted_at: null,
    deleted_with_experiment: null,
    started_by: JSON.stringify(at.context.actor),
    started_by_name: run.user ?? at.context.actor.name,
    pipeline_run: null,
    parent_run: run.parentRun ?? null,
    git_commit: run.commit ?? null,
    dirty: null,
    code_digest: null,
    environment_digest: null,
    compute_target: 'unknown',
    cpu_ms: null,
    peak_memory_bytes: null,
    request_key: null,
  };
}

/** Logs everything of a run, in parts that one call takes; what is there already stays. */
async function logAll(workshop: Workshop, project: string, run: ImportedRun): Promise<RipenError | undefined> {
  const at = { project, run: run.id };
  try {
    for (const parameters of parts(Object.entries(run.parameters), limits.parameters))
      await logBatch(workshop, at, { parameters: Object.fromEntries(parameters) });
    for (const tags of parts(Object.entries(run.tags), limits.tags)) await logBatch(workshop, at, { tags: Object.fromEntries(tags) });
    const entries = entriesOf(run);
    for (let part = take(entries, limits.metrics); part.length > 0; part = take(entries, limits.metrics))
      await logBatch(workshop, at, { metrics: part });
    if (run.finishedAt !== undefined && run.metrics.length > 0) await sealRun(workshop, run.id);
    return undefined;
  } catch (error) {
    if (error instanceof RipenError && error.kind !== 'overloaded' && error.kind !== 'internal') return error;
    throw error;
  }
}

function* parts<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

function* entriesOf(run: ImportedRun): Generator<MetricEntry, undefined> {
  for (const { steps, times, values, ...about } of run.metrics) {
    for (let index = 0; index < steps.length; index++)
      yield { ...about, step: steps[index] ?? 0, time: times[index] ?? 0, value: values[index] ?? 0 };
  }
}

function take<Item>(from: Iterator<Item>, count: number): Item[] {
  const taken: Item[] = [];
  while (taken.length < count) {
    const next = from.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
