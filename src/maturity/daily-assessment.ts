/** A recorded assessment of each project every day: trends need it, and the rules by which a stage is lost over time. */
import { systemActor } from '#kernel/events/index.ts';
import type { Job } from '#kernel/jobs/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { MaturityService } from './service.ts';

const kind = 'maturity.assess';

export interface DailyAssessmentDeps {
  readonly kernel: Pick<Kernel, 'jobs' | 'database'>;
  readonly maturity: Pick<MaturityService, 'record' | 'history'>;
  readonly listProjects: () => Promise<readonly { readonly name: string }[]>;
}

/** Defines the job, so it must come before the jobs start; the returned function sets its schedule. */
export function createDailyAssessment({ kernel, maturity, listProjects }: DailyAssessmentDeps): () => Promise<void> {
  kernel.jobs.define(kind, {
    async handle(job, signal) {
      for (const { name } of await listProjects()) {
        signal.throwIfAborted();
        const [newest] = await maturity.history(name, 1);
        // A job that was broken off goes on where it stopped.
        if (newest === undefined || newest.assessment.at < scheduledAt(job)) await maturity.record({ actor: systemActor }, name);
      }
    },
  });
  return () => kernel.jobs.schedule(kernel.database, { name: kind, kind, cron: '10 3 * * *', payload: {} });
}

/** Without a time, as when somebody revives the job by hand, every project is assessed. */
function scheduledAt({ payload }: Job): number {
  const time = typeof payload === 'object' && payload !== null && 'scheduledAt' in payload ? payload.scheduledAt : undefined;
  return typeof time === 'number' ? time : Infinity;
}
