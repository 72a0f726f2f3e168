import type { Jobs } from '#kernel/jobs/index.ts';
import { failStaleModels } from './logged-models/fail-stale.ts';
import type { Workshop } from './service.ts';

const kind = 'tracking.tidy';

/**
 * What clients leave behind when they die: uploads in parts that were never completed, models whose files never came. Looked for
 * every hour, and once when the server starts.
 */
export function createTidying(workshop: Workshop, jobs: Jobs) {
  jobs.define(kind, {
    async handle() {
      await workshop.objects.uploads.sweep();
      await failStaleModels(workshop);
    },
  });
  return {
    async start() {
      await jobs.schedule(workshop.database, { name: kind, kind, cron: '17 * * * *', payload: {} });
      await jobs.enqueue(workshop.database, { kind, key: 'start', payload: {} });
    },
  };
}
