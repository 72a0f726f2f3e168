import type { ChildProcess } from 'node:child_process';
import { processErrors } from './errors.ts';
import { splitLines } from './line-splitter.ts';
import type { GroupExit, OutputStream } from './model.ts';
import { startGroup } from './process-group.ts';

export interface ServiceLogLine {
  readonly stream: OutputStream;
  readonly text: string;
  /** The line as JSON when it is an object, as a logger writes it. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

export interface ServiceSpec {
  /** For messages. */
  readonly name: string;
  /** A TypeScript or JavaScript file. It should call `exitWithParent`. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Options of Node, such as `--max-old-space-size=512`. */
  readonly nodeOptions?: readonly string[];
  readonly cwd: string;
  /** The whole environment, nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Between SIGTERM and SIGKILL, also after our own death; default 10 000. */
  readonly graceMs?: number | undefined;
  readonly owner: string;
  readonly onLog?: ((line: ServiceLogLine) => void) | undefined;
  /** What the service sends with `process.send`. */
  readonly onMessage?: ((message: unknown) => void) | undefined;
}

export interface Service {
  readonly name: string;
  readonly pid: number | undefined;
  /** Arrives there as the event `message` of `process`; structured clone, so also buffers. Throws `kernel.process-gone`. */
  send(message: string | object): Promise<void>;
  /** The next message that `accept` takes, or undefined when the service ends before. */
  nextMessage(accept: (message: unknown) => boolean): Promise<unknown>;
  /** SIGTERM, after `graceMs` SIGKILL. */
  stop(reason: string): Promise<GroupExit>;
  readonly exited: Promise<GroupExit>;
}

const defaultGraceMs = 10_000;

/** Starts a long-lived Node process of our own. Starting it again is up to `supervise`. */
export function spawnService(spec: ServiceSpec): Service {
  const graceMs = spec.graceMs ?? defaultGraceMs;
  const lines = { stdout: logLines(spec, 'stdout'), stderr: logLines(spec, 'stderr') };
  const group = startGroup({
    command: [process.execPath, ...(spec.nodeOptions ?? []), spec.file, ...(spec.args ?? [])],
    cwd: spec.cwd,
    env: spec.env,
    stdin: 'pipe',
    channel: true,
    guardDelaySeconds: Math.ceil(graceMs / 1000),
    graceMs,
    owner: spec.owner,
    onOutput: (stream, chunk) => lines[stream].write(chunk),
  });
  const { child } = group;
  if (spec.onMessage !== undefined) child.on('message', spec.onMessage);
  const exited = group.exited.finally(() => {
    lines.stdout.end();
    lines.stderr.end();
  });
  return {
    name: spec.name,
    pid: child.pid,
    exited,
    send: (message) =>
      new Promise((resolve, reject) => {
        const done = (error: unknown): void => (error === null || error === undefined ? resolve() : reject(gone(spec.name, error)));
        if (child.connected) child.send(message, done);
        else done(new Error('the channel is closed'));
      }),
    nextMessage: (accept) => nextMessage(child, accept),
    stop: (reason) => {
      group.stop(reason);
      return exited;
    },
  };
}

function gone(name: string, cause: unknown): Error {
  return processErrors['process-gone']({ name }, cause);
}

function nextMessage(child: ChildProcess, accept: (message: unknown) => boolean): Promise<unknown> {
  return new Promise((resolve) => {
    const finish = (message: unknown): void => {
      child.off('message', onMessage);
      child.off('disconnect', onEnd);
      resolve(message);
    };
    const onMessage = (message: unknown): void => {
      if (accept(message)) finish(message);
    };
    // Comes after the last message, unlike the exit.
    const onEnd = (): void => finish(undefined);
    if (!child.connected) return resolve(undefined);
    child.on('message', onMessage).once('disconnect', onEnd);
  });
}

function logLines(spec: ServiceSpec, stream: OutputStream): ReturnType<typeof splitLines> {
  return splitLines((text) => spec.onLog?.({ stream, text, record: asRecord(text) }));
}

function asRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // Text that starts with a brace parses to an object or not at all.
    return value as Readonly<Record<string, unknown>>;
  } catch {
    // A line of plain text that happens to begin with a brace.
    return undefined;
  }
}
