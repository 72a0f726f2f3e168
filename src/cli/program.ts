import { Command } from 'commander';
import type { Composition } from '#server/index.ts';

export interface ProgramDependencies {
  /** Loaded only by the commands that run a server. */
  readonly composition: () => Promise<Composition>;
}

export function createProgram({ composition }: ProgramDependencies): Command {
  const program = new Command('ripen');
  program
    .command('up')
    .description('Starts the server and keeps it running')
    .option('--port <number>', 'port of the API and the web pages')
    .option('--host <address>', 'address to listen on')
    .action(async (options: { port?: string; host?: string }) => {
      const { up } = await import('./up.ts');
      await up(await composition(), options);
    });
  return program;
}
