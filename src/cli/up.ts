import { join } from 'node:path';
import { loadConfig } from '#kernel/config/index.ts';
import { createLog } from '#kernel/log.ts';
import { buildWeb, type Composition, installation, serve } from '#server/index.ts';

export interface UpOptions {
  readonly port?: string;
  readonly host?: string;
}

/** Runs the server until SIGINT or SIGTERM. */
export async function up(composition: Composition, options: UpOptions): Promise<void> {
  const { settings } = loadConfig({
    environment: process.env,
    flags: { port: options.port, host: options.host },
    directory: process.cwd(),
  });
  const log = createLog({ level: settings.logLevel, file: join(settings.home, 'logs/server.log') });
  const stopped = signalled();
  await buildWeb(installation);
  const server = await serve(composition, settings, log);
  process.stdout.write(`Ripen is up at ${server.address}\n`);
  await stopped;
  await server.stop();
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}
