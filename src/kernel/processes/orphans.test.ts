import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readEntry } from './proc-files.ts';
import { runProcess } from './run-process.ts';
import { sweepOrphans } from './sweep-orphans.ts';

const skip = !existsSync('/proc/self/stat');

function isAlive(pid: number): boolean {
  const entry = readEntry(pid);
  return entry !== undefined && entry.state !== 'Z';
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return;
    await pause(10);
  }
  assert.fail(`waited in vain for: ${what}`);
}

test('kill -9 of the server ends every process that it ran, and the sweep finds those that escaped', { skip }, async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'ripen-orphans-'));
  const owner = randomUUID();
  const file = fileURLToPath(new URL('testing/parent-child.ts', import.meta.url));
  const server = spawn(process.execPath, [file, owner, cwd], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const told: (readonly [string, number])[] = [];
    for await (const line of createInterface(server.stdout)) {
      const [kind = '', pid] = line.split(' ');
      told.push([kind, Number(pid)]);
      if (told.length === 6) break;
    }
    const pids = (kind: string): number[] => told.filter((entry) => entry[0] === kind).map((entry) => entry[1]);
    for (const [, pid] of told) assert.ok(isAlive(pid));

    server.kill('SIGKILL');
    await until(() => !pids('pid').some(isAlive), 'the end of the processes');
    assert.deepEqual(pids('escaped').map(isAlive), [true]);
    assert.ok((await sweepOrphans(owner)) >= 1);
    assert.deepEqual(pids('escaped').map(isAlive), [false]);
    assert.equal(await sweepOrphans(owner), 0);
  } finally {
    server.kill('SIGKILL');
    await sweepOrphans(owner);
    await rm(cwd, { recursive: true, force: true });
  }
});

test('the sweep spares what we run now, guards included, and other instances', { skip }, async () => {
  const owner = randomUUID();
  const env = { PATH: process.env['PATH'] ?? '' };
  const running = runProcess({ command: 'sleep 60 & sleep 61', cwd: tmpdir(), env, owner });
  await pause(100);
  assert.equal(await sweepOrphans(owner), 0);
  assert.equal(await sweepOrphans(owner.slice(0, -1)), 0);
  assert.equal(isAlive(running.pid ?? 0), true);
  await running.stop('the test is over');
});
