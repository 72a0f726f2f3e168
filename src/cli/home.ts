import { existsSync } from 'node:fs';
import { loadConfig } from '#kernel/config/index.ts';
import { openDatabase } from '#kernel/database/index.ts';
import { RipenError } from '#kernel/errors.ts';
import { createEventLog, type EventLog } from '#kernel/events/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { randomIds } from '#kernel/ids.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { silentLog } from '#kernel/log.ts';
import { openKernel } from '#kernel/open-kernel.ts';
import { isServed } from './client.ts';
import type { CliContext } from './context.ts';
import { cliErrors } from './errors.ts';

/**
 * Asks the server of the home, and opens the home itself where none works in it: never the server of another home that happens to listen on the
 * default port.
 */
export async function throughServerOrHome<Result>(
  context: CliContext,
  { ask, open, opens = () => false }: { ask: () => Promise<Result>; open: () => Promise<Result>; opens?: (error: RipenError) => boolean },
): Promise<Result> {
  if (!isServed(context)) return open();
  try {
    return await ask();
  } catch (error) {
    const own = context.environment['RIPEN_URL'] === undefined && error instanceof RipenError;
    if (own && (error.code === 'cli.no-server' || opens(error))) return open();
    throw error;
  }
}

/** Opens the home as a server would, alone. @throws `cli.no-home`, `database.home-in-use` */
export async function withHome<Result>(context: CliContext, work: (kernel: Kernel) => Promise<Result>): Promise<Result> {
  const { settings } = loadConfig(context);
  requireHome(settings.home);
  const opened = await openKernel(settings, silentLog);
  try {
    return await work(opened.kernel);
  } finally {
    await opened.close();
  }
}

/** Opens only the database of the home, also beside its server; `make` begins a home where there is none. @throws `cli.no-home` */
export async function withEventLog<Result>(
  context: CliContext,
  { make }: { readonly make: boolean },
  work: (kernel: Pick<Kernel, 'clock' | 'ids'> & { readonly events: EventLog }) => Promise<Result>,
): Promise<Result> {
  const { settings } = loadConfig(context);
  if (!make) requireHome(settings.home);
  const database = await openDatabase(settings.databaseUrl);
  try {
    await database.migrate((await context.composition()).migrations);
    const ids = randomIds();
    return await work({ clock: systemClock, ids, events: createEventLog({ database, clock: systemClock, ids }) });
  } finally {
    await database.close();
  }
}

function requireHome(home: string): void {
  if (!existsSync(home)) throw cliErrors['no-home']({ home });
}
