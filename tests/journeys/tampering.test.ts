import assert from 'node:assert/strict';
import { chmodSync, cpSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, test } from 'node:test';
import type { SnapshotWire } from '../../src/data/index.ts';
import type { VerificationWire } from '../../src/governance/index.ts';
import { launch, ripen } from '../testing/launch.ts';
import { createShop, runPipeline, shop, writeSmallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// Somebody changes what is stored behind the back of Ripen, by one byte: `ripen events verify` and `ripen doctor` say what and where.

const original = temporaryFolder();
let file = '';

before(async () => {
  const project = await writeSmallProject(join(temporaryFolder(), 'shop'));
  const server = await launch({ home: original });
  await createShop(server.client, project);
  const loaded = await runPipeline(server.client, 'load');
  assert.equal(loaded.state, 'succeeded', JSON.stringify(loaded.steps));
  const { items } = await server.client.get<{ items: SnapshotWire[] }>(`${shop}/datasets/orders/snapshots`);
  file = items[0]?.files[0]?.digest ?? '';
  await server.stop();
  const doctor = await ripen(['doctor'], { home: original });
  assert.equal(doctor.code, 0, doctor.stdout);
});

/** The home once more, for one test to spoil. */
function copy(): { home: string; database: string } {
  const home = temporaryFolder();
  cpSync(original, home, { recursive: true });
  const database = join(home, 'ripen.db');
  withDatabase(database, (open) => open.exec('pragma wal_checkpoint(truncate)'));
  return { home, database };
}

function withDatabase<Result>(path: string, work: (open: DatabaseSync) => Result): Result {
  const open = new DatabaseSync(path);
  try {
    return work(open);
  } finally {
    open.close();
  }
}

/** Both commands must find it: the doctor in the home of a stopped server, the other by asking a running one. */
async function isFound(home: string, what: RegExp): Promise<void> {
  const doctor = await ripen(['doctor'], { home });
  assert.equal(doctor.code, 1, doctor.stdout);
  assert.match(doctor.stdout, what);
  const server = await launch({ home });
  const verify = await ripen(['events', 'verify', '--json'], { home });
  const { ok, faults } = JSON.parse(verify.stdout) as VerificationWire;
  assert.deepEqual([verify.code, ok], [1, false]);
  assert.match(JSON.stringify(faults), what);
  await server.stop();
}

test('one letter of an event, changed through SQL, is found by its number', async () => {
  const { home, database } = copy();
  const changes = withDatabase(
    database,
    (open) =>
      open
        .prepare(
          `update events set data = replace(data, '"load"', '"lead"') where number = (select min(number) from events where data like '%"load"%')`,
        )
        .run().changes,
  );
  assert.equal(changes, 1);
  await isFound(home, /Event \d+\b/i);
});

test('one byte of an event, changed in the page of the file, is found', async () => {
  const { home, database } = copy();
  const digest = withDatabase(database, (open) =>
    String(open.prepare(`select data from events where data like '%"digest":"sha256:%' order by number limit 1`).get()?.['data']),
  );
  const bytes = readFileSync(database);
  const at = bytes.indexOf(digest) + digest.indexOf('sha256:') + 10;
  assert.ok(bytes.includes(digest));
  bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
  writeFileSync(database, bytes);
  await isFound(home, /Event \d+\b/i);
});

test('one hash of the tree, changed, is found', async () => {
  const { home, database } = copy();
  withDatabase(database, (open) =>
    open.exec(`update event_tree set hash = replace(hash, substr(hash, 1, 4), 'beef') where level = 1 and position = 0`),
  );
  await isFound(home, /./);
});

test('an event that is taken away from the end is missed', async () => {
  const { home, database } = copy();
  withDatabase(database, (open) => open.exec('delete from events where number = (select max(number) from events)'));
  await isFound(home, /event|checkpoint/i);
});

test('one byte of a blob is found by its digest, beside a running server too', async () => {
  const { home } = copy();
  const name = file.slice('sha256:'.length);
  const path = globSync('objects/**/*', { cwd: home })
    .map((blob) => join(home, blob))
    .find((blob) => statSync(blob).isFile() && name.endsWith(basename(blob)));
  assert.ok(path !== undefined, `there is no file for ${file}`);
  const bytes = readFileSync(path);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  const doctor = await ripen(['doctor'], { home });
  assert.equal(doctor.code, 1, doctor.stdout);
  assert.ok(doctor.stdout.includes(file), doctor.stdout);
  const server = await launch({ home });
  const beside = await ripen(['doctor'], { home });
  assert.deepEqual([beside.code, beside.stdout.includes(file)], [1, true], beside.stdout);
  await server.stop();
});
