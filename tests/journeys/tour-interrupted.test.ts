import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotWire } from '../../src/data/index.ts';
import type { VerificationWire } from '../../src/governance/index.ts';
import type { PipelineRunWire } from '../../src/pipelines/index.ts';
import { instanceProcesses } from '../testing/instance-processes.ts';
import { launch, ripenJson } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// Ctrl-C in the middle of the tour, and later kill -9: the next start goes on where it was.

const base = '/api/v1/projects/flights';
const limitMs = 180_000;

test('the tour goes on after Ctrl-C and after kill -9, and does nothing twice', { timeout: 900_000 }, async () => {
  const home = temporaryFolder();
  const first = await launch({ home, args: ['up', '--tour'] });
  await first.line(/✔ Load 2001-01/, limitMs);
  first.signal('SIGINT');
  const { afterMs, code } = await first.ended;
  assert.ok(afterMs < 10_000, `Ctrl-C took ${Math.round(afterMs)} ms`);
  assert.ok(code === 0 || code === 130, `it ended with ${code}:\n${first.output()}`);
  assert.doesNotMatch(first.output(), /^error|\n\s+at /m, 'an end on request is no error');
  assert.deepEqual(instanceProcesses(home), []);

  const second = await launch({ home, args: ['up', '--tour'] });
  // The run that was interrupted goes on by itself, and may be over before the tour looks.
  await second.line(/✔ Load 2001-0[23]/, limitMs);
  assert.doesNotMatch(second.output(), /Load the airports|Load 2001-01|Make the project/, 'what is done is not done again');
  await second.kill();

  const third = await launch({ home, args: ['up', '--tour'] });
  await third.line(/✔ Load a broken file/, limitMs);
  assert.doesNotMatch(third.output(), /Load the airports|Load 2001-01/);
  const { items } = await third.client.get<{ items: SnapshotWire[] }>(`${base}/datasets/flights/snapshots`);
  assert.deepEqual(
    items.map(({ number }) => number).toSorted((a, b) => a - b),
    [1, 2, 3, 4],
  );
  assert.equal(new Set(items.map(({ addedRows }) => addedRows)).size, 4, 'four different months');
  const runs = (await third.client.get<{ items: PipelineRunWire[] }>(`${base}/pipeline-runs`, { pipeline: 'load' })).items;
  assert.deepEqual(
    runs.map(({ parameters }) => JSON.stringify(parameters['month'])).toSorted((a, b) => a.localeCompare(b)),
    ['"2001-01"', '"2001-02"', '"2001-03"', '"2001-04"'],
  );
  assert.equal((await ripenJson<VerificationWire>(['events', 'verify'], { home })).ok, true);
  const ended = await third.stop();
  assert.ok(ended.afterMs < 10_000, `SIGTERM during the training took ${Math.round(ended.afterMs)} ms`);
  assert.deepEqual(instanceProcesses(home), []);
});
