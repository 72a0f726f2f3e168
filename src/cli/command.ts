import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** Fills one top-level command with its options, actions and commands below it. */
export type Build = (command: Command, context: CliContext) => void;

/** Options that many commands have. */
export interface Given {
  readonly json?: boolean;
  readonly project?: string;
}

const examples = new WeakMap<Command, string>();

/** Gives a command an example in its help. */
export function exemplify(command: Command, example: string): Command {
  examples.set(command, example);
  return command.addHelpText('after', `\nExample:\n  $ ${example}`);
}

/** Gives a command `--json` and an example in its help. */
export function describe(command: Command, example: string): Command {
  return exemplify(command.option('--json', 'print JSON'), example);
}

/** As `describe`, for a command that works in one project. */
export function describeInProject(command: Command, example: string): Command {
  return describe(command.option('-p, --project <name>', 'project; else RIPEN_PROJECT, the nearest ripen.yaml, or the only one'), example);
}

export function exampleOf(command: Command): string | undefined {
  return examples.get(command);
}

/** Collects an option that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
