import { readdirSync, readFileSync } from 'node:fs';

/** What /proc tells of one process (proc_pid_stat(5)). Ids are process ids. */
export interface ProcessEntry {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Of this process and of those of its children that have ended. */
  readonly cpuMs: number;
}

/** USER_HZ, the unit of times in /proc, is 100 on every architecture that Node supports. */
const msPerTick = 10;

/** A file below /proc; undefined when the process has ended, belongs to another user, or there is no /proc. */
export function readProc(path: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${path}`);
  } catch {
    // Every reason means the same here: there is nothing to read about this process.
    return undefined;
  }
}

export function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    // Not Linux.
    return [];
  }
}

export function readEntry(pid: number): ProcessEntry | undefined {
  const text = readProc(`${pid}/stat`)?.toString('latin1');
  if (text === undefined) return undefined;
  // The name of the program stands in brackets and may hold anything, also brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  const [state = '?', parent, group, session] = fields;
  return { pid, state, parent: Number(parent), group: Number(group), session: Number(session), cpuMs: ticks * msPerTick };
}

/** All processes. Zombies are among them. */
export function readEntries(): Map<number, ProcessEntry> {
  const entries = processIds().map(readEntry);
  return new Map(entries.filter((entry) => entry !== undefined).map((entry) => [entry.pid, entry]));
}

/** Whether a process was started with `NAME=value` in its environment. False for a zombie. */
export function hasVariable(pid: number, variable: string): boolean {
  const environment = readProc(`${pid}/environ`);
  if (environment === undefined) return false;
  return (
    environment.includes(`\0${variable}\0`) || environment.subarray(0, Buffer.byteLength(variable) + 1).equals(Buffer.from(`${variable}\0`))
  );
}
