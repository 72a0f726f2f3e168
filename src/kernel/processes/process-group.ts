import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { endGroup, signalGroup } from './end-group.ts';
import { processErrors, reasonOf } from './errors.ts';
import { followOutput } from './follow-output.ts';
import { guarded } from './guard.ts';
import type { GroupExit, OutputStream, ProcessLimits } from './model.ts';
import { sampleUsage } from './resource-usage.ts';
import { killMarked } from './sweep-orphans.ts';

export interface GroupSpec {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: 'ignore' | 'pipe';
  /** Opens a channel for `child.send`; needs a Node process on the other side. */
  readonly channel?: boolean;
  readonly guardDelaySeconds?: number;
  readonly timeoutMs?: number | undefined;
  readonly graceMs: number;
  readonly limits?: ProcessLimits | undefined;
  readonly owner: string;
  readonly onOutput: (stream: OutputStream, chunk: Buffer) => void;
}

export interface ProcessGroup {
  readonly child: ChildProcess;
  readonly exited: Promise<GroupExit>;
  stop(reason: string): void;
}

/** Starts a command as the leader of its own session and process group, with a guard that ends the group when we die. */
export function startGroup(spec: GroupSpec): ProcessGroup {
  checkFolder(spec.cwd);
  const mark = randomUUID();
  const child = spawnGuarded(spec, mark);
  const started = performance.now();
  const ending = endGroup(child, spec.graceMs);
  const { pid } = child;
  const memoryLimit = spec.limits?.memoryBytes ?? Infinity;
  const sampler = pid === undefined ? undefined : sampleUsage(pid, (bytes) => void (bytes > memoryLimit && ending.begin('memory-limit')));
  const timer =
    spec.timeoutMs === undefined ? undefined : setTimeout(() => ending.begin('timed-out'), Math.min(spec.timeoutMs, 2 ** 31 - 1));
  const output = followOutput(child, spec.onOutput);

  const exited = async (): Promise<GroupExit> => {
    try {
      const { code, signal } = await exitOf(child, spec.command);
      const durationMs = performance.now() - started;
      signalGroup(pid, 'SIGKILL');
      killMarked(`RIPEN_PROCESS=${mark}`);
      await output();
      return { code, signal, reason: ending.reason(), stopReason: ending.stopReason(), durationMs, ...(sampler?.usage() ?? noUsage) };
    } finally {
      clearTimeout(timer);
      ending.done();
      sampler?.stop();
      for (const stream of child.stdio) stream?.destroy();
    }
  };
  return { child, exited: exited(), stop: (reason) => ending.begin('stopped', reason) };
}

const noUsage = { cpuMs: undefined, peakMemoryBytes: undefined };

/** The operating system reports a missing folder as a missing shell. */
function checkFolder(cwd: string): void {
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) throw processErrors['process-cwd-missing']({ cwd });
}

function spawnGuarded(spec: GroupSpec, mark: string): ChildProcess {
  const lifeline = spec.channel === true ? 4 : 3;
  const stdio: StdioOptions = [spec.stdin, 'pipe', 'pipe', ...(spec.channel === true ? (['ipc'] as const) : []), 'pipe'];
  const env = { ...spec.env, RIPEN_INSTANCE: spec.owner, RIPEN_PROCESS: mark };
  const args = guarded([...envPrefix(spec.env), ...spec.command], { lifeline, delaySeconds: spec.guardDelaySeconds, limits: spec.limits });
  try {
    const child = spawn('/bin/sh', args, { cwd: spec.cwd, env, stdio, detached: true, serialization: 'advanced' });
    // Errors of the lifeline and of stdin mean that the group has ended or does not read; its exit tells the rest.
    lifelineOf(child, lifeline)?.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    return child;
  } catch (error) {
    throw processErrors['process-not-started']({ command: nameOf(spec.command), reason: reasonOf(error) }, error);
  }
}

/** A shell drops variables whose names it cannot use, such as `spark.master`; `env` puts them back. */
function envPrefix(env: Readonly<Record<string, string>>): string[] {
  const odd = Object.entries(env).filter(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return odd.length === 0 ? [] : ['env', ...odd.map(([name, value]) => `${name}=${value}`)];
}

function lifelineOf(child: ChildProcess, index: number): Duplex | undefined {
  // Node types only the first five descriptors, and a pipe among them is always a socket.
  return (child.stdio[index as 3 | 4] as Duplex | null | undefined) ?? undefined;
}

function nameOf(command: readonly string[]): string {
  return command.join(' ').slice(0, 200);
}

function exitOf(
  child: ChildProcess,
  command: readonly string[],
): Promise<{ code: number | undefined; signal: NodeJS.Signals | undefined }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
    child.on('error', (cause) => {
      // Also a failed message is an "error" of a child that runs on.
      if (child.pid === undefined)
        reject(processErrors['process-not-started']({ command: nameOf(command), reason: reasonOf(cause) }, cause));
    });
  });
}
