import type { Endpoint } from '#kernel/http/index.ts';
import type { MlflowRoute } from '#tracking/index.ts';
import { createCommands, type RegistryCommands } from './commands.ts';
import { documentEndpoints } from './document-endpoints.ts';
import { mlflowRoutes } from './mlflow/routes.ts';
import { modelEndpoints } from './model-endpoints.ts';
import type { RegistryDeps } from './service.ts';
import { versionEndpoints } from './version-endpoints.ts';

export interface Registry extends RegistryCommands {
  readonly endpoints: readonly Endpoint[];
  /** What MLflow's clients may ask of the registry. */
  readonly mlflow: readonly MlflowRoute[];
  start(): Promise<void>;
}

const purgeJob = 'registry.purge';

/** Models and their versions: what may be released, where it comes from, and what is known about it. */
export function createRegistry({ kernel, identity, tracking }: RegistryDeps): Registry {
  const { clock, events, objects } = kernel;
  const commands = createCommands({
    clock,
    events,
    objects,
    database: events.database,
    projects: identity,
    tracking,
    retentionDays: kernel.settings.registryRetention,
  });
  kernel.jobs.define(purgeJob, {
    async handle(_job, signal) {
      await commands.purge(signal);
    },
  });
  return {
    ...commands,
    endpoints: [...modelEndpoints(commands), ...versionEndpoints(commands), ...documentEndpoints(commands)],
    mlflow: mlflowRoutes(commands),
    start: () => kernel.jobs.schedule(events.database, { name: purgeJob, kind: purgeJob, cron: '40 3 * * *', payload: {} }),
  };
}
