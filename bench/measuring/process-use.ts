import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of one process, in MB of 10^6 bytes. Linux. */
export function residentMB(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}

/** Resident memory of a process and of everything below it; what they share counts once for each. */
export function residentTreeMB(pid: number): number {
  return familyOf(pid).reduce((sum, id) => sum + residentMB(id), 0);
}

/** Seconds of processor that a process and all that live below it have used so far. Linux. */
export function processorTreeSeconds(pid: number): number {
  return familyOf(pid).reduce((sum, id) => sum + processorSeconds(id), 0);
}

/** A process and all below it. */
function familyOf(pid: number): readonly number[] {
  const parents = new Map(processIds().map((id) => [id, parentOf(id)]));
  const family = (id: number): readonly number[] => [
    id,
    ...[...parents].flatMap(([child, parent]) => (parent === id ? family(child) : [])),
  ];
  return family(pid);
}

function processIds(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended since the folder was read.
    return 0;
  }
}

/** Seconds of processor that one process has used so far. Linux. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
