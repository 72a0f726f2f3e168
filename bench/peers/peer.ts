import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const constraints = join(import.meta.dirname, 'requirements.txt');

/** Packages of each peer; requirements.txt pins their versions. Each has an environment of its own, since some do not agree. */
const packagesOf = {
  mlflow: ['mlflow'],
  serving: ['fastapi', 'uvicorn', 'uvloop', 'httptools', 'orjson', 'onnxruntime'],
  metaflow: ['metaflow'],
  evidently: ['evidently', 'pandas', 'pyarrow'],
} as const;

export interface Peer {
  readonly python: string;
  /** Path of a program that pip installed. */
  program(name: string): string;
}

/** A Python peer in a virtual environment under the system's temporary folder; undefined where it is absent and not to be installed. */
export async function peer(name: keyof typeof packagesOf, { peers }: { readonly peers: boolean }): Promise<Peer | undefined> {
  const folder = join(tmpdir(), 'ripen-bench-peers', name);
  const python = join(folder, 'bin/python');
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    if (!peers) return undefined;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    await execute('python3', ['-m', 'venv', folder]);
    const options = { timeout: 600_000, maxBuffer: 2 ** 26 };
    await execute(python, ['-m', 'pip', 'install', '--quiet', '--constraint', constraints, ...packagesOf[name]], options);
    mkdirSync(complete);
  }
  return { python, program: (program) => join(folder, 'bin', program) };
}

export interface PeerServer {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to the first answer. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/** Starts a server on a free port and waits until `path` answers 200. */
export async function startPeer(
  command: (port: number) => readonly [string, ...string[]],
  {
    path,
    folder,
    environment = {},
  }: { readonly path: string; readonly folder: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<PeerServer> {
  const port = await freePort();
  const began = performance.now();
  const [program, ...parameters] = command(port);
  const child = spawn(program, parameters, { cwd: folder, env: { ...process.env, ...environment }, stdio: 'ignore', detached: true });
  // A benchmark that is broken off leaves no server behind.
  const killNow = (): void => void (child.exitCode === null && child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
  process.once('exit', killNow);
  void once(child, 'exit').then(() => process.off('exit', killNow));
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilAnswers(`${url}${path}`, child);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { url, pid: child.pid ?? 0, startedInMs: performance.now() - began, stop: () => end(child) };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (const limit = Date.now() + 120_000; Date.now() < limit; await pause(10)) {
    if (child.exitCode !== null) throw new Error(`the peer ended with ${child.exitCode} before ${url} answered`);
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not yet.
    }
  }
  throw new Error(`${url} did not answer within 120 s`);
}

/** Ends the group: servers have workers. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 10_000);
  await exited;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
