import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#kernel/config/index.ts';
import { createLog } from '#kernel/log.ts';
import { buildWeb, type Composition, installation, serve } from '#server/index.ts';
import { connect } from './client.ts';
import { cliErrors } from './errors.ts';
import { createProgress } from './progress.ts';
import { reportError } from './report-error.ts';

export interface UpOptions {
  readonly port?: string;
  readonly host?: string;
  readonly tour?: boolean;
}

const stopLimitMs = 9000;

/** Runs the server until SIGINT or SIGTERM; with `tour`, first takes the tour's model through its life. */
export async function up(composition: Composition, options: UpOptions): Promise<void> {
  const { settings } = loadConfig({
    environment: process.env,
    flags: { port: options.port, host: options.host },
    directory: process.cwd(),
  });
  makeHome(settings.home);
  const log = createLog({ level: settings.logLevel, file: join(settings.home, 'logs/server.log') });
  const ended = endedBySignal();
  await buildWeb(installation);
  const server = await serve(composition, settings, log);
  try {
    const aborted = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve(), { once: true }));
    // The tour may be waiting for a training; nobody who presses Ctrl-C waits with it.
    if (options.tour === true) await Promise.race([takeTour(settings.home, server.address, ended), aborted]);
    if (!ended.aborted) process.stdout.write(`Ripen is up at ${server.address}\n`);
    if (!ended.aborted) await aborted;
  } finally {
    // What hangs must not keep the rest from ending: every child ends with this process.
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    await server.stop();
  }
}

/** @throws `cli.home-unwritable` */
function makeHome(home: string): void {
  try {
    mkdirSync(join(home, 'logs'), { recursive: true });
    accessSync(home, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw cliErrors['home-unwritable']({ home, reason }, error);
  }
}

/** A tour that fails leaves the server running: what it has done so far can be looked at, and the next start goes on. */
async function takeTour(home: string, address: string, signal: AbortSignal): Promise<void> {
  const { tour } = await import('./tour/tour.ts');
  process.stdout.write(`Ripen is up at ${address}; the tour begins. Ctrl-C stops, another start goes on.\n`);
  try {
    const client = connect({ environment: { RIPEN_URL: address, RIPEN_TOKEN: process.env['RIPEN_TOKEN'] }, directory: process.cwd() });
    if (await tour({ client, home, signal, progress: createProgress() })) process.stdout.write('\ntour finished\n');
  } catch (error) {
    if (!signal.aborted) reportError(error, { json: false, err: process.stderr });
  }
}

/** Fires at the first SIGINT or SIGTERM; a second one ends the process at once. */
function endedBySignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error(`ended by ${signal}`));
    });
  }
  return controller.signal;
}
