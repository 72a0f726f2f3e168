import { readEntries, type ProcessEntry, readProc } from './proc-files.ts';

export interface ResourceUsage {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

export interface UsageSampler {
  /** What was seen so far; undefined where there is no /proc or the group ended before the first look. */
  usage(): ResourceUsage | undefined;
  stop(): void;
}

interface MemoryUse {
  readonly private: number;
  readonly shared: number;
  readonly peak: number;
}

/** Groups that run at the same time share one scan of /proc. */
const scanLifeMs = 50;
let lastScan: { at: number; groups: ReadonlyMap<number, readonly ProcessEntry[]> } = { at: -Infinity, groups: new Map() };

function membersOf(group: number): readonly ProcessEntry[] {
  const now = performance.now();
  if (now - lastScan.at > scanLifeMs) lastScan = { at: now, groups: Map.groupBy(readEntries().values(), (entry) => entry.group) };
  return lastScan.groups.get(group) ?? [];
}

/**
 * Follows what a process group uses, often at first and then once a second, and calls `onMemory` with the resident bytes
 * of the group at each look.
 */
export function sampleUsage(group: number, onMemory: (bytes: number) => void): UsageSampler {
  const started = performance.now();
  let seen: ResourceUsage | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    const members = membersOf(group);
    if (members.length > 0) {
      const memory = memoryOf(members.map((member) => member.pid));
      const cpuMs = members.reduce((sum, member) => sum + member.cpuMs, 0);
      seen = { cpuMs: Math.max(seen?.cpuMs ?? 0, cpuMs), peakMemoryBytes: Math.max(seen?.peakMemoryBytes ?? 0, memory.now, memory.peak) };
      schedule();
      onMemory(memory.now);
    } else if (performance.now() - started < 1000) {
      schedule();
    }
  };
  const schedule = (): void => {
    timer = setTimeout(look, Math.min(Math.max((performance.now() - started) / 4, 20), 1000));
  };
  schedule();
  return { usage: () => seen, stop: () => clearTimeout(timer) };
}

/** Private pages of all, and of the shared ones (code, mapped files) those of the largest process, since they are mostly the same. */
function memoryOf(pids: readonly number[]): { now: number; peak: number } {
  const uses = pids.map(readMemory).filter((use) => use !== undefined);
  const largest = (pick: (use: MemoryUse) => number): number => Math.max(0, ...uses.map(pick));
  return { now: uses.reduce((sum, use) => sum + use.private, 0) + largest((use) => use.shared), peak: largest((use) => use.peak) };
}

/** proc_pid_status(5). */
function readMemory(pid: number): MemoryUse | undefined {
  const status = readProc(`${pid}/status`)?.toString('latin1');
  if (status === undefined) return undefined;
  const bytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { private: bytes('RssAnon'), shared: bytes('RssFile') + bytes('RssShmem'), peak: bytes('VmHWM') };
}
