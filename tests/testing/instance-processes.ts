import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasVariable, readEntries, readProc } from '../../src/kernel/processes/proc-files.ts';

export interface InstanceProcess {
  readonly pid: number;
  readonly command: string;
  /** The process that was started; others of its group are its guard and its children. */
  readonly leader: boolean;
}

/** Every process that the servers of a home have started and that lives. */
export function instanceProcesses(home: string): readonly InstanceProcess[] {
  const file = join(home, 'instance');
  if (!existsSync(file)) return [];
  const instance = readFileSync(file, 'utf8').trim();
  return [...readEntries().values()]
    .filter(({ pid, state }) => state !== 'Z' && hasVariable(pid, `RIPEN_INSTANCE=${instance}`))
    .map(({ pid, group }) => ({
      pid,
      command: readProc(`${pid}/cmdline`)?.toString('utf8').replaceAll('\0', ' ').trim() ?? '',
      leader: pid === group,
    }));
}
