import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGovernance } from '#governance/index.ts';
import { lockHome, openDatabase } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, systemActor, verifyLog } from '#kernel/events/index.ts';
import { digestOf, openObjectStore } from '#kernel/objects/index.ts';
import { startFakeS3 } from '#kernel/objects/testing/fake-s3.ts';
import { createTracking } from '#tracking/index.ts';
import { manualClock } from '#kernel/clock.ts';
import { countingIds, randomIds } from '#kernel/ids.ts';
import { blobPath } from './copy-blobs.ts';
import { recordBackup, refuseUnfinishedRestore, restoreBackup, writeBackup } from './index.ts';
import { fillHome, otherDatabase, sets, settingsFor, withFolder } from './testing/home.ts';
import { silentLog } from '#kernel/log.ts';

testOnEachDatabase('a backup comes back whole on the other kind of database, which then counts on', sets, async (database) => {
  await withFolder(async (root) => {
    await using source = await fillHome(root, database);
    const folder = join(root, 'backup');
    const late = () => source.tracking.startRun({ actor: systemActor }, { project: 'flights', experiment: 'late', computeTarget: 'here' });
    let begun: Promise<unknown> | undefined;
    const manifest = await writeBackup(source, folder, ({ stage }) => {
      if (stage === 'blobs') begun ??= late();
    });
    await begun;
    assert.deepEqual(manifest.events, { ...manifest.events, size: 3 });
    assert.equal(manifest.blobs.count, 3);
    assert.deepEqual(readdirSync(folder).toSorted(), ['home', 'manifest.json', 'objects', 'tables']);
    await otherDatabase(root, database, async (url) => {
      const home = join(root, 'restored');
      const settings = settingsFor(home, url);
      await restoreBackup(folder, { settings, migrations: sets });
      const restored = await openDatabase(settings.databaseUrl);
      const objects = await openObjectStore(settings.objectsUrl, { cacheDirectory: join(home, 'cache') });
      try {
        const { ok, size, root: hash } = await verifyLog(restored);
        assert.deepEqual({ ok, size, root: hash }, { ok: true, ...manifest.events });
        const [clock, ids] = [manualClock(), randomIds()];
        const events = createEventLog({ database: restored, clock, ids });
        const tracking = createTracking({ kernel: { clock, ids, events, objects }, identity: { project: async (name) => ({ name }) } });
        const run = await tracking.run('flights', source.run.id);
        assert.equal(run.experiment, 'Größe\u2028🍐');
        const { items } = await tracking.metricHistory({ project: 'flights', run: run.id }, { metric: 'loss', limit: 5000 });
        assert.equal(items.length, 2500);
        assert.ok(Number.isNaN(items[7]?.value));
        const artifact = await tracking.artifact({ project: 'flights', run: run.id }, 'b.txt');
        assert.equal((await objects.read(artifact.digest)).toString(), 'second');
        // Counters go on where they were, or this would meet a row that is there already.
        await tracking.startRun({ actor: systemActor, project: 'flights' }, { project: 'flights', experiment: 'new', computeTarget: 'x' });
        const [project] = await restored.query<{ projects: { path: string } }>().selectFrom('projects').select('path').execute();
        assert.equal(project?.path, join(home, 'projects/flights'));
      } finally {
        await objects.close();
        await restored.close();
      }
      assert.equal(statSync(join(home, 'keys/event-log.pem')).mode & 0o777, 0o600);
      assert.equal(statSync(join(home, 'projects/flights/train.sh')).mode & 0o777, 0o755);
      assert.equal(readFileSync(join(home, 'projects/flights/latest'), 'utf8'), 'true\n');
      assert.ok(!existsSync(join(home, 'projects/flights/node_modules')));
      assert.match(readFileSync(join(home, 'config.yaml'), 'utf8'), /^# ours\n(?!.*elsewhere)[^]*level: warn/);
    });
  });
});

testOnEachDatabase('a made backup is an event, and a damaged blob is left out and told', sets, async (database) => {
  await withFolder(async (root) => {
    await using source = await fillHome(root, database);
    const damaged = digestOf('second');
    rmSync(join(root, 'home/objects', blobPath(damaged)));
    writeFileSync(join(root, 'home/objects', blobPath(damaged)), 'sec0nd');
    const manifest = await writeBackup(source, join(root, 'backup'));
    assert.deepEqual([manifest.damagedBlobs, manifest.blobs.count], [[damaged], 2]);
    await recordBackup(source, { actor: systemActor }, manifest);
    const [event] = await source.events.find({ types: ['backup.created'] });
    assert.equal(event?.data['events'], 3);
  });
});

testOnEachDatabase('a checkpoint signed while the backup was made does not accuse the restored log', sets, async (database) => {
  await withFolder(async (root) => {
    await using source = await fillHome(root, database);
    rmSync(join(source.home, 'keys'), { recursive: true });
    const audit = createGovernance({ kernel: { ...source, log: silentLog } });
    await audit.start();
    let begun: Promise<unknown> | undefined;
    await writeBackup(source, join(root, 'backup'), ({ stage }) => {
      if (stage === 'blobs') begun ??= recordMore(source).then(() => audit.stop());
    });
    await begun;
    assert.deepEqual(readdirSync(join(source.home, 'checkpoints')).length, 2);
    await otherDatabase(root, database, async (url) => {
      const settings = settingsFor(join(root, 'restored'), url);
      await restoreBackup(join(root, 'backup'), { settings, migrations: sets });
      const restored = await openDatabase(settings.databaseUrl);
      const events = createEventLog({ database: restored, clock: manualClock(), ids: randomIds() });
      const { faults, checkpoints } = await createGovernance({
        kernel: { events, database: restored, home: settings.home, log: silentLog },
      }).check();
      await restored.close();
      assert.deepEqual([faults, checkpoints.checked], [[], 1]);
    });
  });
});

const recordMore = (source: Awaited<ReturnType<typeof fillHome>>) =>
  source.events.change({ actor: systemActor }, async (change) => {
    change.emit({ type: 'pear.ripened', source: 'orchard', subject: 'pears', data: {} });
  });

test('blobs go from a directory to S3 and back', async () => {
  await withBackup(async ({ root, folder, home }) => {
    const s3 = await startFakeS3();
    const environment = { AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey };
    const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, environment);
    try {
      const settings = { ...settingsFor(home), objectsUrl: s3.url() };
      const manifest = await restoreBackup(folder, { settings, migrations: sets });
      const objects = await openObjectStore(s3.url(), { cacheDirectory: join(root, 'cache'), credentials: s3.credentials });
      const database = await openDatabase(settings.databaseUrl);
      const clock = manualClock();
      const events = createEventLog({ database, clock, ids: randomIds() });
      const again = await writeBackup({ clock, database, events, objects, home }, join(root, 'second'));
      await objects.close();
      await database.close();
      const blobsOf = ({ files }: typeof again) => files.filter(({ path }) => path.startsWith('objects/'));
      assert.deepEqual(blobsOf(again), blobsOf(manifest));
      await restoreTo(join(root, 'third'), join(root, 'second'));
    } finally {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      await s3.close();
    }
  });
});

/** A home on SQLite with a finished backup beside it. */
async function withBackup(body: (paths: { root: string; folder: string; home: string }) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const database = await openDatabase(`sqlite:${join(root, 'home/ripen.db')}`);
    try {
      await database.migrate(sets);
      await using source = await fillHome(root, database);
      await writeBackup(source, join(root, 'backup'));
    } finally {
      await database.close();
    }
    await body({ root, folder: join(root, 'backup'), home: join(root, 'restored') });
  });
}

const restoreTo = (home: string, folder: string) => restoreBackup(folder, { settings: settingsFor(home), migrations: sets });

test('what cannot be restored is refused before anything is written', async () => {
  await withBackup(async ({ root, folder, home }) => {
    await assert.rejects(restoreTo(home, join(root, 'nothing')), { code: 'backup.not-a-backup' });
    await assert.rejects(restoreTo(home, root), { code: 'backup.not-a-backup', message: /no manifest\.json/ });
    await assert.rejects(restoreTo(join(root, 'home'), folder), { code: 'backup.home-not-empty' });
    const lock = lockHome(home);
    await assert.rejects(restoreTo(home, folder), { code: 'database.home-in-use' });
    lock.release();

    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    writeFileSync(join(folder, 'manifest.json'), manifest.replace(/"version": "[^"]*"/, '"version": "99.0.0"'));
    await assert.rejects(restoreTo(home, folder), { code: 'backup.newer-version' });
    writeFileSync(join(folder, 'manifest.json'), manifest.slice(0, -40));
    await assert.rejects(restoreTo(home, folder), { code: 'backup.not-a-backup', message: /damaged/ });
    writeFileSync(join(folder, 'manifest.json'), manifest);

    const events = join(folder, 'tables/events.ndjson');
    writeFileSync(events, readFileSync(events, 'utf8').replace('run.started', 'run.stopped'));
    rmSync(join(folder, blobPath(digestOf('first'))));
    await assert.rejects(restoreTo(home, folder), {
      code: 'backup.files-differ',
      message: /2 files .*tables\/events\.ndjson, objects\/a7\//,
    });
    assert.deepEqual(readdirSync(home), ['lock.db']);
  });
});

test('a backup writes neither over other files nor into its own home', async () => {
  await withFolder(async (root) => {
    const database = await openDatabase(`sqlite:${join(root, 'home/ripen.db')}`);
    try {
      await database.migrate(sets);
      await using source = await fillHome(root, database);
      await assert.rejects(writeBackup(source, join(root, 'home/backups')), { code: 'backup.inside-home' });
      writeFileSync(join(root, 'diary.txt'), 'mine');
      await assert.rejects(writeBackup(source, root), { code: 'backup.folder-not-empty' });
    } finally {
      await database.close();
    }
  });
});

const child = fileURLToPath(new URL('./testing/killed-child.ts', import.meta.url));
const killed = (...parameters: string[]) => assert.equal(spawnSync(process.execPath, [child, ...parameters]).signal, 'SIGKILL');

test('a backup that is killed is recognised, and the same command makes it', async () => {
  await withBackup(async ({ root, home }) => {
    const folder = join(root, 'second');
    for (const stage of ['tables', 'blobs', 'files']) {
      killed('backup', join(root, 'home'), folder, stage);
      await assert.rejects(restoreTo(home, folder), { code: 'backup.not-a-backup', message: /not finished/ });
    }
    const database = await openDatabase(`sqlite:${join(root, 'home/ripen.db')}`);
    const objects = await openObjectStore(`file:${root}/home/objects`, { cacheDirectory: join(root, 'cache') });
    const clock = manualClock();
    const events = createEventLog({ database, clock, ids: countingIds() });
    await writeBackup({ clock, database, events, objects, home: join(root, 'home') }, folder);
    await objects.close();
    await database.close();
    await restoreTo(home, folder);
  });
});

test('a restore that is killed keeps the home shut, and the same command goes on', async () => {
  await withBackup(async ({ root, folder, home }) => {
    for (const stage of ['blobs', 'files', 'tables', 'verifying']) {
      killed('restore', home, folder, stage);
      assert.throws(() => refuseUnfinishedRestore(home), { code: 'backup.restore-unfinished' });
    }
    await assert.rejects(restoreTo(home, await copyOf(folder, root)), { code: 'backup.other-restore-unfinished' });
    const manifest = await restoreTo(home, folder);
    refuseUnfinishedRestore(home);
    const database = await openDatabase(`sqlite:${join(home, 'ripen.db')}`);
    assert.deepEqual((await verifyLog(database)).root, manifest.events.root);
    await database.close();
  });
});

async function copyOf(folder: string, root: string): Promise<string> {
  const { cp } = await import('node:fs/promises');
  await cp(folder, join(root, 'copy'), { recursive: true });
  return join(root, 'copy');
}
