import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after } from 'node:test';
import { type Client, connect } from '../../src/cli/client.ts';
import { instanceProcesses } from './instance-processes.ts';
import { installedNode } from './nodes.ts';

export const repository = join(import.meta.dirname, '../..');
const launcher = join(repository, 'bin/ripen.mjs');
const upLine = /Ripen is up at (http:\/\/[^\s;]+)/;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Since the last signal that the test sent. */
  readonly afterMs: number;
}

/** A server started as a user starts it. */
export interface Ripen {
  readonly home: string;
  readonly address: string;
  readonly client: Client;
  /** The process that holds the home; the launcher is another one under an older Node. */
  readonly pid: number;
  /** Until it answered, in ms. */
  readonly startedInMs: number;
  output(): string;
  /** Waits for a line of its output. */
  line(pattern: RegExp, limitMs: number): Promise<RegExpExecArray>;
  /** To the launcher, as a terminal or a service manager sends it. */
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
  /** SIGTERM, and when that does not help within 60 s an error. */
  stop(): Promise<Ended>;
  /** kill -9 of the server itself. */
  kill(): Promise<Ended>;
}

export interface LaunchOptions {
  readonly home: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly limitMs?: number;
}

/** Nothing of the environment of the tests but what every program needs. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '/root', LANG = 'C.UTF-8', TMPDIR } = process.env;
  return { PATH, HOME, LANG, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...more };
}

const running = new Set<{ readonly child: ChildProcess; readonly home: string }>();
// A test that fails, or a file that breaks off, leaves no server behind.
after(killAll);
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function killAll(): void {
  for (const { child, home } of running) {
    child.kill('SIGKILL');
    const pid = existsSync(join(home, 'server.json')) ? serverPid(home) : undefined;
    for (const each of [...(pid === undefined ? [] : [pid]), ...instanceProcesses(home).map((process) => process.pid)]) killNow(each);
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const serverPid = (home: string): number => (JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { pid: number }).pid;

/** Starts a server on free ports and waits until it says that it is up. @throws with its output when it ends before */
export async function launch({
  home,
  args = ['up'],
  environment = {},
  node = installedNode,
  limitMs = 90_000,
}: LaunchOptions): Promise<Ripen> {
  const started = performance.now();
  const child = spawn(node, [launcher, ...args], {
    cwd: repository,
    env: cleanEnvironment({ RIPEN_HOME: home, RIPEN_PORT: '0', RIPEN_GATEWAY_PORT: '0', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const entry = { child, home };
  running.add(entry);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  let signalled = performance.now();
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    running.delete(entry);
    // What `close` of a child process gives.
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, afterMs: performance.now() - signalled };
  });
  let over = false;
  void ended.then(() => (over = true));

  async function line(pattern: RegExp, lineLimitMs: number): Promise<RegExpExecArray> {
    const end = Date.now() + lineLimitMs;
    for (;;) {
      const isOver = over;
      const found = pattern.exec(output);
      if (found !== null) return found;
      if (isOver || Date.now() > end)
        throw new Error(`${isOver ? 'It ended' : `Not within ${lineLimitMs} ms:`} without ${String(pattern)}:\n${output}`);
      await pause(20);
    }
  }

  const address = (await line(upLine, limitMs))[1] ?? '';
  const pid = serverPid(home);
  const send = (signal: NodeJS.Signals): void => {
    signalled = performance.now();
    child.kill(signal);
  };
  return {
    home,
    address,
    client: connect({ environment: { RIPEN_URL: address }, directory: home }),
    pid,
    startedInMs: performance.now() - started,
    output: () => output,
    line,
    signal: send,
    ended,
    async stop() {
      send('SIGTERM');
      const late = new AbortController();
      const result = await Promise.race([ended, pause(60_000, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      if (result === undefined) throw new Error(`The server did not stop within 60 s of SIGTERM:\n${output}`);
      return result;
    },
    kill() {
      signalled = performance.now();
      killNow(pid);
      return ended;
    },
  };
}

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly home: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly node?: string;
  readonly limitMs?: number;
}

/** Runs one command of the CLI to its end. */
export async function ripen(args: readonly string[], options: CommandOptions): Promise<Answer> {
  const { home, environment = {}, cwd = repository, node = installedNode, limitMs = 180_000 } = options;
  const child = spawn(node, [launcher, ...args], {
    cwd,
    env: cleanEnvironment({ RIPEN_HOME: home, RIPEN_PORT: '0', RIPEN_GATEWAY_PORT: '0', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const entry = { child, home };
  running.add(entry);
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => (text[stream] += chunk));
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  running.delete(entry);
  return { code: code as number | null, ...text };
}

/** The JSON that a command prints, which must succeed. */
export async function ripenJson<Result>(args: readonly string[], options: CommandOptions): Promise<Result> {
  const { code, stdout, stderr } = await ripen([...args, '--json'], options);
  if (code !== 0) throw new Error(`ripen ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}
