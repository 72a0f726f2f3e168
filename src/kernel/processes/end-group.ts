import type { ChildProcess } from 'node:child_process';
import type { ExitReason } from './model.ts';

export interface Ending {
  begin(reason: ExitReason, stopReason?: string): void;
  reason(): ExitReason;
  stopReason(): string | undefined;
  done(): void;
}

/** The first reason to end the group counts. */
export function endGroup(child: ChildProcess, graceMs: number): Ending {
  let reason: ExitReason | undefined;
  let stopReason: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  return {
    begin: (why, told) => {
      if (reason !== undefined || ended || hasExited(child)) return;
      reason = why;
      stopReason = told;
      if (why === 'memory-limit') return signalGroup(child.pid, 'SIGKILL');
      signalGroup(child.pid, 'SIGTERM');
      // A suspended process hears SIGTERM only when it goes on.
      signalGroup(child.pid, 'SIGCONT');
      timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
    },
    reason: () => reason ?? 'exited',
    stopReason: () => stopReason,
    done: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}

function hasExited(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Safe after the exit of the leader too: its id is not given away again while the guard is in the group. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
