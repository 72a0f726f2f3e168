/** A string runs by `/bin/sh -c`; a list is a program and its arguments, taken as they are. */
export type Command = string | readonly string[];

export interface ProcessLimits {
  /** Resident memory of the whole group; past it the group is killed. Needs /proc. */
  readonly memoryBytes?: number | undefined;
  /** Processor time of each process. */
  readonly cpuSeconds?: number | undefined;
  /** Open files of each process. */
  readonly openFiles?: number | undefined;
  /** Size of each file that is written. */
  readonly fileSizeBytes?: number | undefined;
}

export type OutputStream = 'stdout' | 'stderr';

export interface ProcessLog {
  /** Gets stdout and stderr, byte for byte in the order of arrival. An older file is replaced. */
  readonly path: string;
  /**
   * Default 16 MiB. Past it the first and the last half are kept, with one line between them that says how many bytes are
   * missing; the last half is written when the process ends.
   */
  readonly maxBytes?: number | undefined;
  /**
   * Each line as it comes, without its end, cut into pieces of 64 KiB; bytes that are not UTF-8 become U+FFFD. Past
   * `maxBytes` lines are left out when there are more than 1 000 in a second.
   */
  readonly onLine?: ((stream: OutputStream, line: string) => void) | undefined;
}

export interface ProcessSpec {
  readonly command: Command;
  readonly cwd: string;
  /** The whole environment, nothing is inherited. RIPEN_INSTANCE and RIPEN_PROCESS are added, PWD is set by the shell. */
  readonly env: Readonly<Record<string, string>>;
  /** Without it stdin is empty. */
  readonly stdin?: string | Uint8Array | undefined;
  readonly timeoutMs?: number | undefined;
  /** Between the request to end and the kill; default 5 000. */
  readonly graceMs?: number | undefined;
  readonly limits?: ProcessLimits | undefined;
  readonly log?: ProcessLog | undefined;
  /** Id of the server instance; `sweepOrphans` finds by it what a killed server left behind. */
  readonly owner: string;
}

/** `exited` by itself, `stopped` by a call of `stop`, `timed-out` or past its `memory-limit`. */
export type ExitReason = 'exited' | 'stopped' | 'timed-out' | 'memory-limit';

/** How a process group ended. */
export interface GroupExit {
  /** Undefined when a signal ended it; 127: command not found, 126: not executable. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly reason: ExitReason;
  /** What the caller of `stop` gave as its reason. */
  readonly stopReason: string | undefined;
  readonly durationMs: number;
  /** Processor time of the group. Sampled, so the last moments before the exit may be missing; undefined without /proc. */
  readonly cpuMs: number | undefined;
  /** Sampled like `cpuMs`. */
  readonly peakMemoryBytes: number | undefined;
}

export interface Exit extends GroupExit {
  readonly droppedLogBytes: number;
  /** Why the log file is not whole, such as a full disk. The process runs on. */
  readonly logError: Error | undefined;
}

export interface RunningProcess {
  /** Also the id of its process group. Undefined when it did not start; `exited` then rejects. */
  readonly pid: number | undefined;
  /** SIGTERM to the group, after `graceMs` SIGKILL. May be called any number of times, also after the exit. */
  stop(reason: string): Promise<Exit>;
  /** Resolves when the process has ended and nothing that it started is left. Rejects with `kernel.process-not-started`. */
  readonly exited: Promise<Exit>;
}
