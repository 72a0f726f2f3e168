/** A backup or a restore that is killed, kill -9, when it reaches a stage. Arguments: verb, home, folder, stage. */
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/database/index.ts';
import { createEventLog } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { restoreBackup, writeBackup } from '../index.ts';
import { sets, settingsFor } from './home.ts';

const [verb, home = '', folder = '', stage] = process.argv.slice(2);

const dieAt = (progress: { readonly stage: string }): void => {
  if (progress.stage === stage) process.kill(process.pid, 'SIGKILL');
};

if (verb === 'backup') {
  const database = await openDatabase(`sqlite:${home}/ripen.db`);
  const events = createEventLog({ database, clock: systemClock, ids: randomIds() });
  const objects = await openObjectStore(`file:${home}/objects`, { cacheDirectory: `${home}/cache` });
  await writeBackup({ clock: systemClock, database, events, objects, home }, folder, dieAt);
} else {
  await restoreBackup(folder, { settings: settingsFor(home), migrations: sets }, dieAt);
}
