import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { defineErrors } from '#kernel/errors.ts';
import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { trackingMigrations } from './migrations.ts';
import { createTracking } from './tracking.ts';

export { type MlflowMessage, testMlflow } from './mlflow/testing.ts';

export const context = { actor: systemActor, project: 'flights' };
export const sets = [eventMigrations, trackingMigrations] as const;

const errors = defineErrors('identity', {
  'project-not-found': { kind: 'not-found', message: (a: { project: string }) => `There is no project ${a.project}.` },
});

/** Projects for tests: `flights` and `other`. */
export const projects = {
  project: async (name: string) => {
    if (name !== 'flights' && name !== 'other') throw errors['project-not-found']({ project: name });
    return { name };
  },
};

export type TrackingSetting = Awaited<ReturnType<typeof openSetting>>;

async function openSetting(database: Database, folder: string) {
  const clock = manualClock();
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const objects = await openObjectStore(`file:${folder}/objects`, { cacheDirectory: `${folder}/cache`, clock });
  const tracking = createTracking({ kernel: { clock, ids, events, objects }, identity: projects });
  const start = (name?: string, experiment = 'baseline') =>
    tracking.startRun(context, { project: 'flights', experiment, ...(name === undefined ? {} : { name }) });
  return { database, folder, clock, ids, events, objects, tracking, start, api: testApi(tracking.endpoints) };
}

/** Declares a test on each database with tracking over it and blobs in a temporary folder. */
export function testTracking(name: string, body: (setting: TrackingSetting) => Promise<void>): void {
  testOnEachDatabase(name, sets, async (database) => {
    const folder = mkdtempSync(join(tmpdir(), 'ripen-tracking-'));
    try {
      const setting = await openSetting(database, folder);
      await body(setting);
      await setting.objects.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
