import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { version } from '../version.ts';
import { copyBlobs } from './copy-blobs.ts';
import { copyHome } from './copy-home.ts';
import { dumpDatabase } from './dump-database.ts';
import { backupErrors, withDiskFull } from './errors.ts';
import { type Manifest, manifestName, type ReportProgress, unfinishedName } from './manifest.ts';

export type BackupSource = Pick<Kernel, 'clock' | 'database' | 'events' | 'objects' | 'home'>;

/**
 * Writes everything that Ripen keeps into `folder`: tables as of one moment, blobs, keys, checkpoints, settings, projects, and last the
 * manifest. May run beside a working server. A backup that was broken off is begun again in the same folder.
 * @throws `backup.folder-not-empty`, `backup.inside-home`, `backup.disk-full`
 */
export async function writeBackup(source: BackupSource, folder: string, report: ReportProgress = () => {}): Promise<Manifest> {
  await prepare(folder, source.home);
  try {
    const createdAt = source.clock.now();
    const tables = await dumpDatabase(source.database, folder, report);
    const blobs = await copyBlobs(source.objects, folder, report);
    const home = await copyHome(source.home, folder, { events: tables.events.size, report });
    const manifest: Manifest = {
      format: 1,
      version,
      createdAt,
      home: source.home,
      events: tables.events,
      migrations: tables.migrations,
      tables: tables.tables,
      blobs: blobs.blobs,
      damagedBlobs: blobs.damagedBlobs,
      files: [...tables.files, ...home.files, ...blobs.files],
      links: home.links,
    };
    await writeManifest(folder, manifest);
    return manifest;
  } catch (error) {
    throw withDiskFull(error, folder);
  }
}

/** Records that a backup was made. */
export async function recordBackup({ events }: BackupSource, context: ChangeContext, manifest: Manifest): Promise<void> {
  await events.change(context, async (change) => {
    const size = manifest.files.reduce((sum, file) => sum + file.size, 0);
    change.emit({ type: 'backup.created', source: 'server', subject: 'backups', data: { size, events: manifest.events.size } });
  });
}

/** @throws `backup.folder-not-empty`, `backup.inside-home` */
async function prepare(folder: string, home: string): Promise<void> {
  const inside = relative(resolve(home), resolve(folder));
  if (!/^\.\.(\/|$)/.test(inside)) throw backupErrors['inside-home']({ folder, home });
  await mkdir(folder, { recursive: true });
  const unfinished = existsSync(join(folder, unfinishedName));
  if (!unfinished && (await readdir(folder)).length > 0) throw backupErrors['folder-not-empty']({ folder });
  // The backup holds the private keys of the home.
  await chmod(folder, 0o700);
  await (await open(join(folder, unfinishedName), 'w')).close();
  for (const part of [manifestName, `${manifestName}.part`, 'tables', 'objects', 'home', 'copy'])
    await rm(join(folder, part), { recursive: true, force: true });
}

async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const file = await open(join(folder, `${manifestName}.part`), 'w');
  await file.writeFile(`${JSON.stringify(manifest, undefined, 1)}\n`);
  await file.sync();
  await file.close();
  await rename(join(folder, `${manifestName}.part`), join(folder, manifestName));
  await rm(join(folder, unfinishedName));
}
