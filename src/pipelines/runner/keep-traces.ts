import { createReadStream } from 'node:fs';
import { appendFile, rename, rm, stat } from 'node:fs/promises';
import type { Digest } from '#kernel/objects/index.ts';
import type { StepPatch } from '../step-store.ts';
import { renderRunLog, type RunLogRecord } from '../steps/run-log.ts';
import type { AttemptEnd } from './attempt.ts';
import type { Session } from './session.ts';

const mostAttemptLogBytes = 32 * 1024 * 1024;

/** Each attempt writes a log of its own; what came before is kept in front of it. */
export async function collectLog(path: string, attempt: number): Promise<void> {
  const all = `${path}.attempts`;
  const { size } = await stat(all).catch(() => ({ size: 0 }));
  await appendFile(all, `${size > 0 ? '\n' : ''}[ripen] attempt ${attempt}\n`);
  if (size < mostAttemptLogBytes) await appendFile(all, createReadStream(path));
  else await appendFile(all, '[ripen] its output was left out: the attempts before it printed too much\n');
}

/** Keeps the log and the run log of a step as blobs; gives what is to be written of it. */
export async function keepTraces(session: Session, name: string, end: AttemptEnd): Promise<StepPatch> {
  const path = session.workspace.logPath(name);
  const attempts = await stat(`${path}.attempts`).catch(() => undefined);
  if (attempts !== undefined) await rename(`${path}.attempts`, path);
  const size = (await stat(path)).size;
  const { objects } = session.deps;
  const log = size === 0 ? undefined : (await objects.putFile(path)).digest;
  const runLog = await keepRunLog(session, end.records);
  await rm(`${path}.attempts`, { force: true });
  const { outputs, warnings, cpuMs, peakMemoryBytes } = end;
  return { outputs, warnings, log, runLog, cpuMs: cpuMs === undefined ? undefined : Math.round(cpuMs), peakMemoryBytes };
}

async function keepRunLog(session: Session, records: readonly RunLogRecord[]): Promise<Digest | undefined> {
  return records.length === 0 ? undefined : (await session.deps.objects.put(renderRunLog(records))).digest;
}
