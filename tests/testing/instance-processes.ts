import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasVariable, readEntries, readProc } from '../../src/kernel/processes/proc-files.ts';

/** Every process that the servers of a home have started and that lives, as its id and command line. */
export function instanceProcesses(home: string): readonly { readonly pid: number; readonly command: string }[] {
  const file = join(home, 'instance');
  if (!existsSync(file)) return [];
  const instance = readFileSync(file, 'utf8').trim();
  return [...readEntries().values()]
    .filter(({ pid, state }) => state !== 'Z' && hasVariable(pid, `RIPEN_INSTANCE=${instance}`))
    .map(({ pid }) => ({ pid, command: readProc(`${pid}/cmdline`)?.toString('utf8').replaceAll('\0', ' ').trim() ?? '' }));
}
