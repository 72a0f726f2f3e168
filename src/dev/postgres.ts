import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A throw-away PostgreSQL server for tests, where one is installed. It refuses to run as root, so root hands it to the user `postgres`. */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'ripen-postgres-'));
  const asUser = process.getuid?.() === 0 ? userIds('postgres') : undefined;
  if (asUser !== undefined) chownSync(directory, asUser.uid, asUser.gid);
  const data = join(directory, 'data');
  await execute(join(binaries, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C'], { ...asUser });
  const port = await freePort();
  const settings = [
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${directory}`,
    '-c',
    'fsync=off',
    '-c',
    'max_connections=200',
  ];
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], { stdio: 'ignore', ...asUser });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await untilReady(join(binaries, 'pg_isready'), port);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill('SIGINT');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

function userIds(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function untilReady(isReady: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await execute(isReady, ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']);
      return;
    } catch {
      // Not yet.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('PostgreSQL did not start within 10 s');
}
