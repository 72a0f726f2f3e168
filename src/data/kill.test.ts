import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyLog } from '#kernel/events/index.ts';
import { openData } from './testing/open-data.ts';

const publisher = fileURLToPath(new URL('./testing/publish-until-killed.ts', import.meta.url));

/** Runs the publisher and kills it `afterMs` after its first acknowledged snapshot; gives what it has acknowledged. */
async function publishAndKill(home: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [publisher, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  await once(output, 'line');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  return lines;
}

test('a publisher killed at any moment loses nothing acknowledged and leaves nothing half done', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ripen-data-kill-'));
  try {
    const acknowledged: string[] = [];
    for (const afterMs of [13, 57, 121]) acknowledged.push(...(await publishAndKill(home, afterMs)).filter((line) => line !== 'refused'));
    const opened = await openData(home);
    const { data, events, objects, database } = opened;
    const snapshots = (await data.snapshots.list('orchard', 'pears', { limit: 1000 })).toReversed();
    assert.deepEqual(
      snapshots.map(({ number }) => number),
      snapshots.map((_, index) => index + 1),
    );
    const known = new Set(snapshots.map(({ number, digest }) => `snapshot ${number} ${digest}`));
    assert.deepEqual(
      acknowledged.filter((line) => !known.has(line)),
      [],
    );
    const published = await events.find({ types: ['dataset.snapshot.published'], limit: 1000 });
    assert.deepEqual(
      published.map((event) => event.data['snapshot']),
      snapshots.map(({ number }) => number),
    );
    for (const { files, profile } of snapshots) {
      for (const digest of [profile, ...files.map((file) => file.digest)]) assert.ok(await objects.verify(digest), digest);
    }
    for (const load of await data.quarantine.list('orchard', 'pears')) assert.ok(await objects.verify(load.source.digest));
    assert.equal((await verifyLog(database)).ok, true);
    const newest = await data.snapshots.get('orchard', 'pears');
    assert.equal((await data.preview.rows(newest, { offset: 0, limit: 500 })).rows.length, newest.rows);
    assert.deepEqual((await readdir(home)).includes('data-work') ? await readdir(join(home, 'data-work')) : [], []);
    await opened.close();
    assert.doesNotMatch(execFileSync('ps', ['-ww', '-eo', 'args='], { encoding: 'utf8' }), new RegExp(home));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
