import { setTimeout as pause } from 'node:timers/promises';
import { type Digest, objectErrors } from '#kernel/objects/index.ts';
import { systemCode } from '../code/system-code.ts';
import { pipelineErrors } from '../errors.ts';
import type { KeyParts, StepDefinition, StepRun } from '../model.ts';
import { findResult, type StepPatch, updateStep } from '../step-store.ts';
import { stepTransition } from '../states.ts';
import { cacheKey, datasetReference, keyPartsOf } from '../steps/cache-key.ts';
import { readRunLog } from '../steps/run-log.ts';
import { type AttemptEnd, attemptStep } from './attempt.ts';
import { finishStep } from './finish-step.ts';
import { collectLog, keepTraces } from './keep-traces.ts';
import { isComplete } from './outputs.ts';
import { publishOutputs } from './publish.ts';
import { sendToTracking } from './send-to-tracking.ts';
import { failureOf, type Session } from './session.ts';

/**
 * Brings one step to its end: reused, or run with its retries, its outputs kept and published. Whatever goes wrong with the step is
 * its failure; only the stop of the server is thrown.
 */
export async function runStep(session: Session, step: StepDefinition): Promise<void> {
  try {
    const parts = await keyParts(session, step);
    const reusable = await findReusable(session, step, cacheKey(parts));
    if (reusable !== undefined) return await reuse(session, step, { parts, reusable });
    await runFresh(session, step, parts);
  } catch (error) {
    session.stop.throwIfAborted();
    const cancelled = session.cancel.aborted;
    const failure = cancelled ? pipelineErrors['step-cancelled']({ step: step.name }) : withDiskFull(error, session.workspace.root);
    if (!cancelled) session.deps.log.warn({ err: error, pipelineRun: session.run.id, step: step.name }, 'a step failed');
    await finishStep(session, step.name, { state: cancelled ? 'cancelled' : 'failed', failure: failureOf(failure) });
  }
}

function withDiskFull(error: unknown, path: string): unknown {
  return ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '') ? objectErrors['disk-full']({ path }, error) : error;
}

async function keyParts(session: Session, step: StepDefinition): Promise<KeyParts> {
  for (const source of Object.values(step.inputs)) if (source.kind === 'dataset') await session.pin(datasetReference(source));
  const contracts: Record<string, Digest> = {};
  const manifest = await session.workspace.manifest(session.run.stepCode[step.name] ?? session.run.codeDigest);
  for (const { contract } of step.publishes) {
    const entry = contract === undefined ? undefined : manifest[contract];
    if (contract !== undefined && entry !== undefined) contracts[contract] = entry.digest;
  }
  return keyPartsOf(session.run, step, { steps: session.steps, pins: session.pins, contracts });
}

async function findReusable(session: Session, step: StepDefinition, key: Digest): Promise<StepRun | undefined> {
  if (!step.cache || session.run.fresh) return undefined;
  const result = await findResult(session.deps.events.database, session.run.project, key);
  return result !== undefined && (await isComplete(session.deps.objects, result)) ? result : undefined;
}

async function reuse(session: Session, step: StepDefinition, { parts, reusable }: { parts: KeyParts; reusable: StepRun }): Promise<void> {
  const { deps } = session;
  const startedAt = deps.clock.now();
  if (step.tracked) {
    const run = await session.tracked();
    if (reusable.runLog !== undefined)
      await sendToTracking(deps.tracking, run, readRunLog((await deps.objects.read(reusable.runLog)).toString('utf8')));
  }
  const { outputs, published, log, runLog } = reusable;
  await finishStep(session, step.name, {
    state: 'cached',
    startedAt,
    key: cacheKey(parts),
    keyParts: parts,
    outputs,
    published,
    log,
    runLog,
    cachedFrom: reusable.id,
  });
}

async function runFresh(session: Session, step: StepDefinition, parts: KeyParts): Promise<void> {
  const release = await session.deps.slots.take(session.end);
  try {
    const end = await withRetries(session, step, { key: cacheKey(parts), keyParts: parts });
    const patch = await keepTraces(session, step.name, end);
    if (end.state === 'succeeded') {
      const failure = await publishOutputs(session, step, end.outputs);
      await finishStep(
        session,
        step.name,
        failure === undefined ? { ...patch, state: 'succeeded' } : { ...patch, state: 'failed', failure },
      );
    } else await finishStep(session, step.name, { ...patch, state: end.state, failure: end.failure });
  } finally {
    release();
  }
}

async function withRetries(session: Session, step: StepDefinition, known: StepPatch): Promise<AttemptEnd> {
  const logPath = session.workspace.logPath(step.name);
  let cpuMs: number | undefined;
  // Attempts that failed before a restart of the server count; the one that it interrupted does not.
  for (let attempt = (session.steps.get(step.name)?.attempts ?? 0) + 1; ; attempt++) {
    await markRunning(session, step.name, { ...known, attempts: attempt });
    const end = await attemptStep(session, step);
    cpuMs = end.cpuMs === undefined ? cpuMs : (cpuMs ?? 0) + end.cpuMs;
    const again = (end.state === 'failed' || end.state === 'timed-out') && attempt <= step.retries;
    if (again || attempt > 1) await collectLog(logPath, attempt);
    if (!again) return { ...end, cpuMs };
    // Ends early when the run does; the next lines see why.
    await pause(step.backoffMs * 2 ** (attempt - 1), undefined, { signal: session.end }).catch(() => undefined);
    session.stop.throwIfAborted();
    if (session.cancel.aborted)
      return { ...end, cpuMs, state: 'cancelled', failure: failureOf(pipelineErrors['step-cancelled']({ step: step.name })) };
  }
}

async function markRunning(session: Session, name: string, patch: StepPatch): Promise<void> {
  const { deps } = session;
  const before = session.steps.get(name);
  if (before === undefined) return;
  const state = before.state === 'running' ? 'running' : stepTransition(before.state, 'running');
  const full = { startedAt: before.startedAt ?? deps.clock.now(), progress: undefined, ...patch, state } as const;
  await deps.events.database.transaction((tx) => updateStep(tx, before.id, full));
  session.steps.set(name, { ...before, ...full });
}
