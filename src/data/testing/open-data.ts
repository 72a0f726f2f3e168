import { join } from 'node:path';
import { createAnalytics } from '#kernel/analytics/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/database/index.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';
import { silentLog } from '#kernel/log.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { createData, dataMigrations } from '../index.ts';

/** The module over a home of its own on disk, as a server would open it. */
export async function openData(home: string) {
  const clock = systemClock;
  const ids = randomIds(clock);
  const database = await openDatabase(`sqlite:${join(home, 'ripen.db')}`);
  await database.migrate([eventMigrations, dataMigrations]);
  const objects = await openObjectStore(`file:${home}`, { cacheDirectory: join(home, 'cache') });
  const analytics = createAnalytics({ directory: join(home, 'analytics'), log: silentLog });
  const events = createEventLog({ database, clock, ids });
  const kernel = { analytics, clock, database, events, home, ids, log: silentLog, objects };
  const data = createData({ kernel, projects: { project: async () => undefined } });
  await data.start();
  return {
    data,
    events,
    objects,
    database,
    async close() {
      await analytics.close();
      await objects.close();
      await database.close();
    },
  };
}
