import { CommanderError } from 'commander';
import { type CliContext } from './context.ts';
import { cliErrors } from './errors.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

/** Runs one command line and gives the exit status. */
export async function runCli(parameters: readonly string[], given: Omit<CliContext, 'exit'>): Promise<number> {
  let status = 0;
  const context: CliContext = {
    ...given,
    exit(code) {
      status = code;
    },
  };
  try {
    if (parameters[0] === '--version' || parameters[0] === '-V') {
      const { version } = await import('#server/index.ts');
      context.out.write(`${version}\n`);
      return 0;
    }
    const program = await createProgram(context, parameters[0] === 'help' ? parameters.slice(1, 2) : parameters.slice(0, 1));
    if (parameters.length === 0) program.outputHelp();
    else await program.parseAsync([...parameters], { from: 'user' });
    return status;
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageError(thrown, parameters) : thrown;
    return error === undefined ? 0 : reportError(error, { json: wantsJson(parameters), err: context.err });
  }
}

/** What follows `--` belongs to another program. */
function wantsJson(parameters: readonly string[]): boolean {
  const end = parameters.indexOf('--');
  return (end < 0 ? parameters : parameters.slice(0, end)).includes('--json');
}

/** A wrong command line as an error like any other; undefined where help or the version was asked for. */
function usageError({ code, exitCode, message }: CommanderError, parameters: readonly string[]): Error | undefined {
  if (exitCode === 0) return undefined;
  // A group without a command has printed its help already.
  if (code === 'commander.help') return cliErrors['no-command']({ command: parameters[0] ?? '' });
  const [first = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const nearest = /Did you mean (?:one of )?(.*)\?/.exec(suggestion)?.[1];
  return cliErrors['wrong-usage']({ problem: first.charAt(0).toUpperCase() + first.slice(1), nearest });
}
