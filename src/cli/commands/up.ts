import { type Build, exemplify } from '../command.ts';

export const buildUp: Build = (command, context) => {
  exemplify(command, 'ripen up --tour')
    .option('--tour', 'on an empty home, take a real model from raw data to monitored production')
    .option('--port <number>', 'port of the API and the web pages')
    .option('--host <address>', 'address to listen on; anything but loopback needs RIPEN_AUTH=tokens')

    .action(async (options: { port?: string; host?: string; tour?: boolean }) => {
      const { up } = await import('../up.ts');
      await up(await context.composition(), options);
    });
};
