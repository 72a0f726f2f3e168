import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createIdentity, identityMigrations } from '#identity/index.ts';
import { manualClock } from '#kernel/clock.ts';
import { loadConfig, type Settings } from '#kernel/config/index.ts';
import { type Database, openDatabase } from '#kernel/database/index.ts';
import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
import { countingIds } from '#kernel/ids.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { createTracking, trackingMigrations } from '#tracking/index.ts';

export const sets = [eventMigrations, identityMigrations, trackingMigrations];
const context = { actor: systemActor, project: 'flights' };

export function withFolder(body: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'ripen-backup-'));
  return body(root).finally(() => rmSync(root, { recursive: true, force: true }));
}

/** A home with a project, a run that has metrics and artifacts, keys and settings, over `database`. */
export async function fillHome(root: string, database: Database) {
  const home = join(root, 'home');
  const clock = manualClock();
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const objects = await openObjectStore(`file:${home}/objects`, { cacheDirectory: join(home, 'cache') });
  const kernel = { clock, ids, events, objects, database, home };
  const { projects } = createIdentity({ kernel, auth: 'none' });
  const tracking = createTracking({ kernel, identity: projects });
  await projects.create({ actor: systemActor }, { name: 'flights', path: join(home, 'projects/flights') });
  const run = await tracking.startRun(context, { project: 'flights', experiment: 'Größe\u2028🍐', computeTarget: 'laptop' });
  const metrics = Array.from({ length: 2500 }, (_, step) => ({ name: 'loss', value: step === 7 ? Number.NaN : 1 / (step + 1), step }));
  await tracking.log({ project: 'flights', run: run.id }, { metrics, parameters: { epochs: 4 } });
  for (const [name, content] of Object.entries({ 'a.txt': 'first', 'b.txt': 'second', 'c.txt': 'third' }))
    await tracking.putArtifact({ project: 'flights', run: run.id }, name, { content });
  fillFiles(home);
  return { ...kernel, tracking, run, [Symbol.asyncDispose]: () => objects.close() };
}

function fillFiles(home: string): void {
  mkdirSync(join(home, 'keys'), { mode: 0o700 });
  writeFileSync(join(home, 'keys/event-log.pem'), 'secret', { mode: 0o600 });
  mkdirSync(join(home, 'projects/flights/node_modules/left-out'), { recursive: true });
  writeFileSync(join(home, 'projects/flights/train.sh'), 'true\n');
  chmodSync(join(home, 'projects/flights/train.sh'), 0o755);
  symlinkSync('train.sh', join(home, 'projects/flights/latest'));
  writeFileSync(join(home, 'config.yaml'), '# ours\ndatabase: { url: "sqlite:/elsewhere" }\nlog: { level: warn }\n');
}

export function settingsFor(home: string, databaseUrl?: string): Settings {
  return loadConfig({
    directory: '/',
    environment: { RIPEN_HOME: home, ...(databaseUrl === undefined ? {} : { RIPEN_DATABASE_URL: databaseUrl }) },
  }).settings;
}

/** An empty database of the other kind than `database`, as a URL; undefined where there is no PostgreSQL. */
export async function otherDatabase(root: string, database: Database, body: (url: string | undefined) => Promise<void>): Promise<void> {
  const postgres = process.env['RIPEN_TEST_POSTGRES_URL'];
  if (database.dialect === 'postgres') return body(`sqlite:${join(root, 'restored/ripen.db')}`);
  if (postgres === undefined) return body(undefined);
  const schema = `ripen_${randomBytes(6).toString('hex')}`;
  const admin = await openDatabase(postgres);
  await sql`create schema ${sql.id(schema)}`.execute(admin.query());
  try {
    await body(`${postgres}?options=${encodeURIComponent(`-c search_path=${schema}`)}`);
  } finally {
    await sql`drop schema ${sql.id(schema)} cascade`.execute(admin.query());
    await admin.close();
  }
}
