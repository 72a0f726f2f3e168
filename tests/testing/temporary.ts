import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folders: string[] | undefined;

/** A folder that is removed when the process of the test file ends, after every server in it. */
export function temporaryFolder(): string {
  folders ??= removedAtExit();
  const folder = mkdtempSync(join(tmpdir(), 'ripen-journey-'));
  folders.push(folder);
  return folder;
}

function removedAtExit(): string[] {
  const list: string[] = [];
  process.on('exit', () => {
    for (const folder of list) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return list;
}
