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
import type { CliContext } from './context.ts';
import { cliErrors } from './errors.ts';

/** Whether an error says that no server works here, so that the home itself may be opened. */
export function isUnreachable({ environment }: CliContext, error: unknown): boolean {
  return environment['RIPEN_URL'] === undefined && error instanceof RipenError && error.code === 'cli.no-server';
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

/** Opens only the database of the home, also beside its server. @throws `cli.no-home` */
export async function withEventLog<Result>(
  context: CliContext,
  work: (kernel: Pick<Kernel, 'clock' | 'ids'> & { readonly events: EventLog }) => Promise<Result>,
): Promise<Result> {
  const { settings } = loadConfig(context);
  requireHome(settings.home);
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
