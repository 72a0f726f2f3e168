import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationSet } from '#kernel/database/index.ts';
import { version } from '../version.ts';
import { backupErrors } from './errors.ts';
import { digestOfFile } from './file-digest.ts';
import { type BackupFile, type Manifest, manifestName, manifestSchema, type ReportProgress, unfinishedName } from './manifest.ts';

const mostNamed = 10;

/** @throws `backup.not-a-backup`, `backup.newer-version` */
export async function readManifest(folder: string, migrations: readonly MigrationSet[]): Promise<Manifest> {
  const refuse = (reason: string, cause?: unknown) => backupErrors['not-a-backup']({ folder, reason }, cause);
  const file = join(folder, manifestName);
  if (!existsSync(folder)) throw refuse('there is no such folder');
  if (!existsSync(file))
    throw refuse(existsSync(join(folder, unfinishedName)) ? 'the backup was not finished' : `it has no ${manifestName}`);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw refuse(`its ${manifestName} is damaged`, cause);
  }
  const made = typeof content === 'object' && content !== null && 'version' in content ? String(content.version) : '';
  if (isNewer(made, version)) throw backupErrors['newer-version']({ folder, version: made, own: version });
  const parsed = manifestSchema.safeParse(content);
  if (!parsed.success) throw refuse(`its ${manifestName} is damaged (${parsed.error.issues[0]?.path.join('.') ?? ''})`);
  const known = new Set(migrations.flatMap((set) => set.migrations.map(({ name }) => `${set.module}/${name}`)));
  if (parsed.data.migrations.some(({ module, name }) => !known.has(`${module}/${name}`)))
    throw backupErrors['newer-version']({ folder, version: parsed.data.version, own: version });
  return parsed.data;
}

/** Hashes every file and compares. @throws `backup.files-differ` */
export async function checkFiles(folder: string, manifest: Manifest, report: ReportProgress): Promise<void> {
  const differing: string[] = [];
  for (const [index, file] of manifest.files.entries()) {
    if (!(await isAsWritten(folder, file))) differing.push(file.path);
    report({ stage: 'checking', done: index + 1, total: manifest.files.length });
  }
  if (differing.length > 0) throw backupErrors['files-differ']({ folder, files: differing.slice(0, mostNamed), count: differing.length });
}

async function isAsWritten(folder: string, { path, size, digest }: BackupFile): Promise<boolean> {
  // A path that climbs out of the backup was not written by us.
  if (path.split('/').includes('..')) return false;
  const state = await lstat(join(folder, path)).catch(() => undefined);
  return state?.isFile() === true && state.size === size && (await digestOfFile(join(folder, path))) === digest;
}

function isNewer(made: string, own: string): boolean {
  const [a, b] = [made, own].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
