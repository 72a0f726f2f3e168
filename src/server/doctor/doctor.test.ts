import assert from 'node:assert/strict';
import { chmodSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { lockHome, openDatabase } from '#kernel/database/index.ts';
import { digestOf } from '#kernel/objects/index.ts';
import { fillHome, sets, settingsFor, withFolder } from '../backup/testing/home.ts';
import { examine, type Finding } from './index.ts';

async function withHome(body: (home: string) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const database = await openDatabase(`sqlite:${join(root, 'home/ripen.db')}`);
    try {
      await database.migrate(sets);
      await using source = await fillHome(root, database);
      rmSync(join(source.home, 'keys'), { recursive: true });
      rmSync(join(source.home, 'config.yaml'));
    } finally {
      await database.close();
    }
    await body(join(root, 'home'));
  });
}

const lookAt = (home: string, quick = false): Promise<Finding[]> =>
  Array.fromAsync(examine({ settings: settingsFor(home), migrations: sets, quick }));
const faultsOf = (findings: readonly Finding[]) => findings.filter(({ state }) => state === 'fault');

test('a sound home has no fault, and every line that is not ok has a way out', async () => {
  await withHome(async (home) => {
    const findings = await lookAt(home);
    assert.deepEqual(faultsOf(findings), []);
    assert.ok(!existsSync(join(home, 'keys')), 'nothing is made by looking');
    for (const name of [
      'node',
      'home',
      'disk',
      'server',
      'processes',
      'ports',
      'database',
      'migrations',
      'events',
      'blobs',
      'git',
      'templates',
      'gpu',
    ])
      assert.ok(
        findings.some(({ check }) => check === name),
        `no line on ${name}`,
      );
    assert.ok(findings.every(({ state, hint }) => state === 'ok' || (hint ?? '') !== ''));
  });
});

test('an empty place is sound and stays empty', async () => {
  await withFolder(async (root) => {
    assert.deepEqual(faultsOf(await lookAt(join(root, 'new'))), []);
    assert.throws(() => statSync(join(root, 'new')), { code: 'ENOENT' });
  });
});

test('one changed byte of the event log on the disk is found', async () => {
  await withHome(async (home) => {
    const file = join(home, 'ripen.db');
    const database = await openDatabase(`sqlite:${file}`);
    await sql`pragma wal_checkpoint(truncate)`.execute(database.query());
    await database.close();
    flip(file, readFileSync(file).indexOf('"experiment":"Gr') + '"experiment":"'.length);
    const [found] = faultsOf(await lookAt(home));
    assert.match(found?.message ?? '', /Event 3 \(run\.started\) was changed after it was written/);
  });
});

test('one changed byte of a blob on the disk is found and named, also by a quick look at few blobs', async () => {
  await withHome(async (home) => {
    const digest = digestOf('second');
    const hex = digest.slice('sha256:'.length);
    flip(join(home, 'objects/objects', hex.slice(0, 2), hex.slice(2, 4), hex), 3);
    for (const quick of [false, true]) {
      const [found] = faultsOf(await lookAt(home, quick));
      assert.ok((found?.message ?? '').includes(digest), found?.message ?? 'nothing was found');
    }
  });
});

test('a damaged database file, a missing key of it and a home that is held are told', async () => {
  await withHome(async (home) => {
    const lock = lockHome(home);
    writeFileSync(join(home, 'server.json'), JSON.stringify({ address: 'http://127.0.0.1:9', pid: 1 }));
    assert.match(faultsOf(await lookAt(home))[0]?.message ?? '', /holds the home, but does not answer/);
    lock.release();
    writeFileSync(join(home, 'ripen.db'), 'this is no database');
    const found = faultsOf(await lookAt(home));
    assert.deepEqual([found.length, found[0]?.check], [1, 'database']);
  });
});

test('a database server that does not answer is told', async () => {
  await withFolder(async (root) => {
    const settings = settingsFor(join(root, 'home'), 'postgres://nobody@127.0.0.1:9/ripen');
    const found = faultsOf(await Array.fromAsync(examine({ settings, migrations: sets, quick: true })));
    assert.deepEqual([found.length, found[0]?.check], [1, 'database']);
    assert.match(found[0]?.message ?? '', /postgres:\/\/127\.0\.0\.1:9\/ripen cannot be read/);
  });
});

function flip(file: string, offset: number): void {
  const byte = readFileSync(file)[offset] ?? assert.fail(`${file} is shorter`);
  chmodSync(file, 0o644);
  const handle = openSync(file, 'r+');
  writeSync(handle, Uint8Array.of(byte ^ 1), 0, 1, offset);
  closeSync(handle);
}
