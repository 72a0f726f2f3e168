import type { Composition } from '#server/index.ts';

/** Where text goes: a terminal, a pipe, or a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything that a command takes from the process it runs in. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative paths are taken from here. */
  readonly directory: string;
  readonly out: Output;
  readonly err: Output;
  /** Loaded only by the commands that run a server or open a home. */
  readonly composition: () => Promise<Composition>;
  /** Sets the exit status of a command that has done its work and found something wrong. */
  exit(code: number): void;
}
