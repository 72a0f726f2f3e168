import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findNodeModules } from '../code/environment.ts';
import { dependencies } from '../definition/graph.ts';
import { pipelineErrors } from '../errors.ts';
import type { DatasetPin, PipelineRun, StepRun } from '../model.ts';
import { isCancelRequested, selectRun, updateRun } from '../run-store.ts';
import { hasResult, isRunDone, isStepDone, runTransition } from '../states.ts';
import { selectSteps, updateStep } from '../step-store.ts';
import { finishRun } from './finish-run.ts';
import { finishStep } from './finish-step.ts';
import { createPins, createTracked, failureOf, type RunnerDeps, type Session } from './session.ts';
import { runStep } from './step-runner.ts';
import { createWorkspace } from './workspace.ts';

const cancelPollMs = 1000;

/** Brings a pipeline run to its end, or goes on with one that an earlier server began. Throws when `stop` fires. */
export async function drive(
  deps: RunnerDeps,
  id: string,
  signals: { readonly stop: AbortSignal; readonly cancel: AbortController },
): Promise<void> {
  const found = await selectRun(deps.events.database, id);
  if (found === undefined || isRunDone(found.state)) return;
  const run = await begin(deps, found);
  if (run === undefined) return;
  const session = await openSession(deps, run, signals);
  // Another server may have taken the request to cancel.
  const poll = setInterval(() => {
    void isCancelRequested(deps.events.database, run.id).then(
      (cancel) => cancel && signals.cancel.abort(pipelineErrors['step-cancelled']({ step: run.pipeline })),
      () => {},
    );
  }, cancelPollMs);
  try {
    await runSteps(session);
  } finally {
    clearInterval(poll);
  }
  signals.stop.throwIfAborted();
  await finishRun(session);
}

/** Undefined when the run was cancelled in this moment. */
async function begin(deps: RunnerDeps, run: PipelineRun): Promise<PipelineRun | undefined> {
  if (run.state === 'running') return run;
  const patch = { state: runTransition(run.state, 'running'), startedAt: deps.clock.now() };
  const begun = await deps.events.database.transaction((tx) => updateRun(tx, run.id, patch, ['queued']));
  return begun ? { ...run, ...patch } : undefined;
}

async function openSession(
  deps: RunnerDeps,
  run: PipelineRun,
  signals: { readonly stop: AbortSignal; readonly cancel: AbortController },
): Promise<Session> {
  if (run.cancelRequested) signals.cancel.abort(pipelineErrors['step-cancelled']({ step: run.pipeline }));
  const project = await deps.projects.project(run.project);
  const nodeModules = findNodeModules(project.path ?? deps.home);
  const workspace = createWorkspace({ home: deps.home, pipelineRun: run.id, objects: deps.objects, nodeModules });
  // What a killed server left there may be half written; every result is kept as blobs.
  await workspace.remove();
  await mkdir(workspace.root, { recursive: true });
  const context = { actor: run.actor, project: run.project };
  const tracked = { id: run.run };
  const { pins, pin } = createPins(deps, run, tracked);
  const materialized = new Map<string, Promise<string>>();
  return {
    deps,
    run,
    context,
    workspace,
    steps: await interruptedAsQueued(deps, run),
    stop: signals.stop,
    cancel: signals.cancel.signal,
    end: AbortSignal.any([signals.stop, signals.cancel.signal]),
    pins,
    pin,
    ...createTracked(deps, run, { context, pins, tracked }),
    dataset(wanted) {
      const name = `${wanted.dataset}@${wanted.snapshot}`;
      const folder = materialized.get(name) ?? materialize(deps, run, { pin: wanted, folder: join(workspace.root, '.datasets', name) });
      materialized.set(name, folder);
      return folder;
    },
    restored: new Map(),
  };
}

async function materialize(deps: RunnerDeps, run: PipelineRun, { pin, folder }: { pin: DatasetPin; folder: string }): Promise<string> {
  await mkdir(folder, { recursive: true });
  await deps.data.snapshots.materialize({ project: run.project, dataset: pin.dataset, snapshot: pin.snapshot, directory: folder });
  return folder;
}

/** A step that was running when the server ended is begun again; that attempt is not held against it. */
async function interruptedAsQueued(deps: RunnerDeps, run: PipelineRun): Promise<Map<string, StepRun>> {
  const steps = await selectSteps(deps.events.database, run.id);
  const interrupted = steps.filter((step) => step.state === 'running');
  for (const step of interrupted) await deps.events.database.transaction((tx) => updateStep(tx, step.id, asQueued(step), 'running'));
  return new Map(steps.map((step) => [step.step, step.state === 'running' ? { ...step, ...asQueued(step) } : step]));
}

function asQueued({ attempts }: StepRun): Pick<StepRun, 'state' | 'attempts' | 'progress'> {
  return { state: 'queued', attempts: Math.max(0, attempts - 1), progress: undefined };
}

/** Starts each step as soon as all before it have a result, and waits for all. */
async function runSteps(session: Session): Promise<void> {
  const before = dependencies(session.run.definition.steps);
  const running = new Map<string, Promise<void>>();
  const errors: unknown[] = [];
  for (;;) {
    for (const step of session.run.definition.steps) {
      if (running.has(step.name) || session.steps.get(step.name)?.state !== 'queued' || session.stop.aborted || errors.length > 0) continue;
      const states = (before.get(step.name) ?? []).map((name) => session.steps.get(name)?.state ?? 'queued');
      const blocked = session.cancel.aborted || states.some((state) => isStepDone(state) && !hasResult(state));
      if (!blocked && !states.every(hasResult)) continue;
      const work = blocked ? leaveOut(session, step.name) : runStep(session, step);
      const settled = work.catch((error: unknown) => void errors.push(error)).finally(() => running.delete(step.name));
      running.set(step.name, settled);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  session.stop.throwIfAborted();
  if (errors.length > 0) throw errors[0];
}

async function leaveOut(session: Session, step: string): Promise<void> {
  if (!session.cancel.aborted) return finishStep(session, step, { state: 'skipped' });
  await finishStep(session, step, { state: 'cancelled', failure: failureOf(pipelineErrors['step-cancelled']({ step })) });
}
