import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Manifest, ReportProgress } from './manifest.ts';

const prefix = 'home/';
const settingsFile = 'home/config.yaml';

/** Puts keys, checkpoints, settings and projects back. A settings file that is there already stays. */
export async function restoreHome(folder: string, manifest: Manifest, home: string, report: ReportProgress): Promise<void> {
  const files = manifest.files.filter(({ path }) => path.startsWith(prefix));
  for (const [index, { path, mode }] of files.entries()) {
    const target = join(home, path.slice(prefix.length));
    if (path === settingsFile && existsSync(target)) continue;
    await mkdir(dirname(target), { recursive: true });
    // A file of an earlier attempt may be read-only.
    await rm(target, { force: true });
    if (path === settingsFile) await restoreSettings(join(folder, path), target);
    else await copyFile(join(folder, path), target);
    await chmod(target, mode);
    report({ stage: 'files', done: index + 1, total: files.length });
  }
  for (const { path, target } of manifest.links) {
    const place = join(home, path.slice(prefix.length));
    await mkdir(dirname(place), { recursive: true });
    await rm(place, { force: true });
    await symlink(target, place);
  }
  if (existsSync(join(home, 'keys'))) await chmod(join(home, 'keys'), 0o700);
}

/** Without the addresses of the old database and blobs: those of the restored home are where it was restored to. */
async function restoreSettings(source: string, target: string): Promise<void> {
  const document = parseDocument(await readFile(source, 'utf8'));
  for (const path of [['database.url'], ['database', 'url'], ['objects.url'], ['objects', 'url']])
    if (document.hasIn(path)) document.deleteIn(path);
  await writeFile(target, document.toString());
}
