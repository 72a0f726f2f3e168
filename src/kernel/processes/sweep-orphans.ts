import { setTimeout as pause } from 'node:timers/promises';
import { hasVariable, type ProcessEntry, processIds, readEntries } from './proc-files.ts';

const mostRounds = 50;

/**
 * Kills what an earlier server with this instance id left behind, also children that left their process group, and returns
 * how many there were. Our own descendants and ancestors stay. Does nothing where there is no /proc.
 */
export async function sweepOrphans(instance: string): Promise<number> {
  const killed = new Set<number>();
  // A process may fork between the look and the kill, so look again until nothing is found.
  for (let round = 0; round < mostRounds; round += 1) {
    const found = killMarked(`RIPEN_INSTANCE=${instance}`);
    if (found.length === 0) break;
    for (const pid of found) killed.add(pid);
    await pause(5);
  }
  return killed.size;
}

/** One round: kills every process that was started with `NAME=value` and does not belong to us. */
export function killMarked(variable: string): number[] {
  return findMarked(variable).filter(kill);
}

/** Processes of this instance that are neither ours nor above us: those of its server, or what a killed one left behind. */
export function processesOf(instance: string): readonly number[] {
  return findMarked(`RIPEN_INSTANCE=${instance}`);
}

function findMarked(variable: string): number[] {
  // Most often there is none; then nothing else of /proc needs to be read.
  const marked = processIds().filter((pid) => hasVariable(pid, variable));
  if (marked.length === 0) return [];
  const entries = readEntries();
  const above = ancestors(entries, process.pid);
  const isOurs = (entry: ProcessEntry): boolean =>
    above.has(entry.pid) ||
    ancestors(entries, entry.pid).has(process.pid) ||
    // Guards of running processes have no parent any more, but are in the session of a child of ours.
    ancestors(entries, entry.session).has(process.pid);
  return marked.filter((pid) => {
    const entry = entries.get(pid);
    return entry !== undefined && entry.state !== 'Z' && !isOurs(entry);
  });
}

/** A process and all above it. */
function ancestors(entries: ReadonlyMap<number, ProcessEntry>, pid: number): Set<number> {
  const chain = new Set<number>();
  for (let at = pid; at > 0 && !chain.has(at); at = entries.get(at)?.parent ?? 0) chain.add(at);
  return chain;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, or its user is another one.
    return false;
  }
}
