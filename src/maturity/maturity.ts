import type { Identity } from '#identity/index.ts';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { createDailyAssessment } from './daily-assessment.ts';
import { maturityEndpoints } from './endpoints.ts';
import { createMaturityService, type MaturityService } from './service.ts';

export interface Maturity extends MaturityService {
  readonly endpoints: readonly Endpoint[];
  /** Keeps facts folded and records an assessment of each project every day, until `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface MaturityDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'events' | 'log' | 'jobs' | 'database'>;
  readonly identity: { readonly projects: Pick<Identity['projects'], 'project' | 'list'> };
}

/** Must be made before the jobs start: it defines one. */
export function createMaturity({ kernel, identity }: MaturityDeps): Maturity {
  const maturity = createMaturityService(kernel);
  const scheduleDaily = createDailyAssessment({ kernel, maturity, listProjects: identity.projects.list });
  let stopFollowing: (() => Promise<void>) | undefined;
  return {
    ...maturity,
    endpoints: maturityEndpoints({ maturity, requireProject: identity.projects.project }),
    async start() {
      await scheduleDaily();
      stopFollowing = maturity.follow();
    },
    async stop() {
      await stopFollowing?.();
    },
  };
}
