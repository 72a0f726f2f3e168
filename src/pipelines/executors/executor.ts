/** One attempt of a step, ready to run: the folder, the environment and the files it names exist. */
export interface StepLaunch {
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Gets stdout and stderr as they come, bounded. */
  readonly logPath: string;
}

export interface StepExit {
  readonly reason: 'exited' | 'stopped' | 'timed-out' | 'memory-limit';
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly durationMs: number;
  readonly cpuMs: number | undefined;
  readonly peakMemoryBytes: number | undefined;
  /** Why the log is not whole. */
  readonly logError: Error | undefined;
}

export interface RunningStep {
  /** Resolves when nothing of the step is left. */
  readonly ended: Promise<StepExit>;
  /** Asks it to end, and after a grace makes it. */
  stop(reason: string): void;
}

/** Plug point: where steps run. One object a file, listed in `executors.ts`. */
export interface Executor {
  /** Also the compute target of tracked runs. */
  readonly name: string;
  start(step: StepLaunch): RunningStep;
  /** Ends what an earlier, killed server left running; called once before the first step. */
  sweep(): Promise<void>;
}
