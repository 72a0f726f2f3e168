import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manualClock } from '#kernel/clock.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import { countingIds } from '#kernel/ids.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import { silentLog } from '#kernel/log.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { trackingMigrations } from './migrations.ts';
import { context, projects } from './testing.ts';
import { createTracking } from './tracking.ts';

testOnEachDatabase(
  'what clients left behind is tidied up when the server starts and an hour later',
  [eventMigrations, jobMigrations, trackingMigrations],
  async (database) => {
    const folder = mkdtempSync(join(tmpdir(), 'ripen-tidy-'));
    const clock = manualClock();
    const ids = countingIds();
    const objects = await openObjectStore(`file:${folder}`, { cacheDirectory: `${folder}/cache`, clock });
    const jobs = createJobs({ database, clock, ids, log: silentLog, pollMs: 10 });
    try {
      const kernel = { clock, ids, events: createEventLog({ database, clock, ids }), objects, jobs };
      const tracking = createTracking({ kernel, identity: projects });
      const forget = async () => {
        const { id } = await tracking.createLoggedModel(context, { project: 'flights', experiment: { name: 'baseline' } });
        const upload = await objects.uploads.begin({ note: '', expiresAt: clock.now() + 1000 });
        clock.advance(24 * 60 * 60 * 1000 + 1);
        return { id, upload: join(folder, 'objects', 'tmp', `upload-${upload.id}`) };
      };
      const tidied = async ({ id, upload }: Awaited<ReturnType<typeof forget>>) => {
        for (let tries = 0; tries < 300; tries++) {
          if ((await tracking.loggedModel('flights', id)).state === 'upload-failed' && !existsSync(upload)) return;
          await sleep(10);
        }
        assert.fail('nothing was tidied up');
      };
      const before = await forget();
      await tracking.start();
      await jobs.start();
      await tidied(before);
      const later = await forget();
      await tidied(later);
    } finally {
      await jobs.stop();
      await objects.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
