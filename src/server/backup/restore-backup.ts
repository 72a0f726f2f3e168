import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '#kernel/config/index.ts';
import { type Database, holdsNothing, lockHome, type MigrationSet, openDatabase, restoreTables } from '#kernel/database/index.ts';
import { rootAt, verifyLog } from '#kernel/events/index.ts';
import { openObjectStore, parseDigest } from '#kernel/objects/index.ts';
import { objectStoreOptions } from '#kernel/open-kernel.ts';
import { backupErrors, withDiskFull } from './errors.ts';
import { type Manifest, type ReportProgress, restoreMarkName } from './manifest.ts';
import { checkFiles, readManifest } from './read-backup.ts';
import { restoreHome } from './restore-home.ts';
import { readTableRows } from './table-rows.ts';

export interface RestoreTarget {
  readonly settings: Settings;
  readonly migrations: readonly MigrationSet[];
}

/** Files that may be in a home that counts as empty. */
const harmless = /^(lock\.db.*|config\.yaml|logs)$/;

/**
 * Puts a backup into a new home, on whichever database and object store the settings name. Checks every file before it writes anything.
 * Broken off, the home refuses to start, and the same restore given again goes on.
 * @throws `backup.not-a-backup`, `backup.newer-version`, `backup.files-differ`, `backup.home-not-empty`, `backup.database-not-empty`,
 * `backup.log-differs`, `database.home-in-use`
 */
export async function restoreBackup(folder: string, target: RestoreTarget, report: ReportProgress = () => {}): Promise<Manifest> {
  const { settings } = target;
  const source = resolve(folder);
  const manifest = await readManifest(source, target.migrations);
  const lock = lockHome(settings.home);
  try {
    const goesOn = await checkHome(settings.home, source);
    await checkFiles(source, manifest, report);
    await mark(settings.home, source);
    await restoreBlobs(source, manifest, settings, report);
    await restoreHome(source, manifest, settings.home, report);
    await restoreDatabase(source, manifest, { ...target, goesOn, report });
    await rm(join(settings.home, restoreMarkName));
    return manifest;
  } catch (error) {
    throw withDiskFull(error, settings.home);
  } finally {
    lock.release();
  }
}

/** @throws `backup.restore-unfinished` where a restore was broken off */
export function refuseUnfinishedRestore(home: string): void {
  const folder = unfinishedRestore(home);
  if (folder !== undefined) throw backupErrors['restore-unfinished']({ home, folder });
}

function unfinishedRestore(home: string): string | undefined {
  const file = join(home, restoreMarkName);
  if (!existsSync(file)) return undefined;
  // Written by `mark`, in one piece.
  return (JSON.parse(readFileSync(file, 'utf8')) as { folder: string }).folder;
}

async function checkHome(home: string, folder: string): Promise<boolean> {
  const earlier = unfinishedRestore(home);
  if (earlier !== undefined && earlier !== folder) throw backupErrors['other-restore-unfinished']({ home, folder: earlier });
  if (earlier !== undefined) return true;
  const found = (await readdir(home)).find((name) => !harmless.test(name));
  if (found !== undefined) throw backupErrors['home-not-empty']({ home, found });
  return false;
}

async function mark(home: string, folder: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, restoreMarkName), JSON.stringify({ folder }), { flush: true });
}

async function restoreBlobs(folder: string, manifest: Manifest, settings: Settings, report: ReportProgress): Promise<void> {
  const objects = await openObjectStore(settings.objectsUrl, objectStoreOptions(settings));
  try {
    const blobs = manifest.files.filter(({ path }) => path.startsWith('objects/'));
    for (const [index, { path, digest, size }] of blobs.entries()) {
      const blob = parseDigest(digest);
      // What an earlier attempt or another home has put there is the same by its name.
      if (!(await objects.has(blob)) || (await objects.size(blob)) !== size) await objects.putFile(join(folder, path), blob);
      report({ stage: 'blobs', done: index + 1, total: blobs.length });
    }
  } finally {
    await objects.close();
  }
}

async function restoreDatabase(
  folder: string,
  manifest: Manifest,
  { settings, migrations, goesOn, report }: RestoreTarget & { goesOn: boolean; report: ReportProgress },
): Promise<void> {
  const database = await openDatabase(settings.databaseUrl, { durability: 'full' });
  try {
    if (!(goesOn && (await isRestored(database, manifest)))) {
      if (!(await holdsNothing(database))) throw backupErrors['database-not-empty']({ database: database.address });
      // Rows go into the tables of their time; what has changed since is done to them afterwards.
      await database.migrate(migrationsOf(manifest, migrations));
      await restoreTables(database, () => readTableRows(folder, manifest, { home: settings.home, report }));
    }
    await database.migrate(migrations);
    report({ stage: 'verifying', done: manifest.events.size });
    const { ok, size, root } = await verifyLog(database);
    const { size: expectedSize, root: expectedRoot } = manifest.events;
    if (!ok || size !== expectedSize || root !== expectedRoot)
      throw backupErrors['log-differs']({ size, root, expectedSize, expectedRoot });
  } finally {
    await database.close();
  }
}

/** All rows come in one transaction, so the event log alone tells whether they are there. */
async function isRestored(database: Database, manifest: Manifest): Promise<boolean> {
  if (await holdsNothing(database)) return false;
  return (await rootAt(database, manifest.events.size)) === manifest.events.root;
}

function migrationsOf(manifest: Manifest, sets: readonly MigrationSet[]): MigrationSet[] {
  const done = new Set(manifest.migrations.map(({ module, name }) => `${module}/${name}`));
  return sets.map((set) => ({ ...set, migrations: set.migrations.filter(({ name }) => done.has(`${set.module}/${name}`)) }));
}
