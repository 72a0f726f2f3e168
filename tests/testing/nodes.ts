import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Node that a user has installed, older than the pinned one, where the machine has such a Node; else the one that runs the tests. */
export const installedNode = findInstalledNode() ?? process.execPath;

function findInstalledNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  for (const folder of new Set([...folders, '/usr/local/bin', '/usr/bin'])) {
    const file = join(folder, 'node');
    if (existsSync(file) && Number(/^v(\d+)/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1]) < 26) return file;
  }
  return undefined;
}
