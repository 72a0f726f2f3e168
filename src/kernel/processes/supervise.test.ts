import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../clock.ts';
import { runProcess } from './run-process.ts';
import type { RunningProcess } from './model.ts';
import { supervise, type SupervisionState } from './supervise.ts';

function run(command: string): RunningProcess {
  return runProcess({ command, cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '' }, owner: 'test' });
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries += 1) await pause(10);
  assert.ok(holds());
}

test('a service that ends is started again after growing pauses, until it is stopped', async () => {
  const states: SupervisionState[] = [];
  const starts: number[] = [];
  const supervision = supervise({
    start: () => {
      starts.push(performance.now());
      return run(starts.length < 4 ? 'exit 5' : 'sleep 60');
    },
    backoff: { initialMs: 20, maximumMs: 1000 },
    clock: systemClock,
    onChange: (status) => void states.push(status.state),
  });
  await until(() => starts.length === 4 && supervision.status().state === 'running');
  assert.equal(supervision.status().restarts, 3);
  assert.equal(supervision.status().lastExit?.code, 5);
  const pauses = starts.slice(1).map((time, index) => time - starts[index]!);
  for (const [index, least] of [20, 40, 80].entries()) assert.ok(pauses[index]! >= least);
  const { current } = supervision.status();
  await supervision.stop('the test is over');
  assert.equal((await current?.exited)?.reason, 'stopped');
  const again = ['running', 'backing-off', 'starting'];
  assert.deepEqual(states, [...again, ...again, ...again, 'running', 'stopped']);
  await supervision.stop('again');
});

test('a service that cannot be started is tried again', async () => {
  let tries = 0;
  const supervision = supervise({
    start: () => {
      tries += 1;
      if (tries === 1) throw new Error('no port is free');
      return run('sleep 60');
    },
    backoff: { initialMs: 5 },
    clock: systemClock,
  });
  assert.match(String(supervision.status().lastError), /no port is free/);
  await until(() => supervision.status().state === 'running');
  assert.equal(supervision.status().lastError, undefined);
  await supervision.stop('the test is over');
});

test('stopping ends the pause and a start under way', async () => {
  const failing = supervise({ start: () => run('exit 1'), backoff: { initialMs: 60_000 }, clock: systemClock });
  await until(() => failing.status().state === 'backing-off');
  await failing.stop('the test is over');
  assert.equal(failing.status().state, 'stopped');

  const started = Promise.withResolvers<RunningProcess>();
  const slow = supervise({ start: () => started.promise, clock: systemClock });
  const stopped = slow.stop('the test is over');
  const child = run('sleep 60');
  started.resolve(child);
  await stopped;
  assert.equal((await child.exited).reason, 'stopped');
  assert.equal(slow.status().state, 'stopped');
});
