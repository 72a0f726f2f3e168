import { join } from 'node:path';
import { createData, dataMigrations } from '#data/index.ts';
import { createGovernance } from '#governance/index.ts';
import { createIdentity, identityMigrations } from '#identity/index.ts';
import type { MigrationSet } from '#kernel/database/index.ts';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { kernelMigrations } from '#kernel/open-kernel.ts';
import { createPipelines, pipelineMigrations } from '#pipelines/index.ts';
import { createPolicy } from '#policy/index.ts';
import { createMaturity, maturityMigrations } from '#maturity/index.ts';
import { createRegistry, registryMigrations } from '#registry/index.ts';
import { type App, installation } from '#server/index.ts';
import { createTemplates } from '#templates/index.ts';
import { createTracking, trackingMigrations } from '#tracking/index.ts';

interface Part {
  readonly endpoints?: readonly Endpoint[];
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** The tables of every module, the lowest layer first. */
export const migrations: readonly MigrationSet[] = [
  ...kernelMigrations,
  identityMigrations,
  dataMigrations,
  trackingMigrations,
  registryMigrations,
  pipelineMigrations,
  maturityMigrations,
];

/** Puts every module together. The only file that knows them all. */
export function createApp(kernel: Kernel): App {
  const policy = createPolicy();
  const identity = createIdentity({ kernel, auth: kernel.settings.auth });
  const data = createData({ kernel, projects: identity.projects });
  const tracking = createTracking({ kernel, identity: identity.projects });
  const registry = createRegistry({ kernel, identity: identity.projects, tracking });
  const pipelines = createPipelines({
    kernel,
    projects: identity.projects,
    data,
    tracking,
    registry,
    parallelSteps: kernel.settings.stepsParallel,
  });
  const governance = createGovernance({ kernel });
  const templates = createTemplates({ identity, directory: join(installation, 'templates'), projects: join(kernel.home, 'projects') });
  const maturity = createMaturity({ kernel, identity });
  const parts: readonly Part[] = [identity, data, tracking, registry, pipelines, governance, templates, maturity];
  return {
    endpoints: parts.flatMap((part) => part.endpoints ?? []),
    async admit(request, action, resource) {
      if (action === 'public') return anybody;
      const principal = await identity.authenticate(request);
      policy.authorize(principal, action, resource);
      return principal.actor;
    },
    async start() {
      for (const part of parts) await part.start?.();
      await kernel.jobs.start();
    },
    async stop() {
      await kernel.jobs.stop();
      for (const part of parts.toReversed()) await part.stop?.();
    },
  };
}

const anybody = { kind: 'system', id: 'anybody', name: 'Anybody' } as const;
