import type { Endpoint } from '#kernel/http/index.ts';
import type { MlflowRoute } from '#tracking/index.ts';
import { attendChanges } from './attend-changes.ts';
import { createCommands, type RegistryCommands } from './commands.ts';
import { documentEndpoints } from './document-endpoints.ts';
import { importEndpoints } from './import/index.ts';
import { mlflowRoutes } from './mlflow/routes.ts';
import { webhookRoutes } from './mlflow/webhook-routes.ts';
import { directoryEndpoints } from './mlmodel/index.ts';
import { modelEndpoints } from './model-endpoints.ts';
import type { RegistryDeps, Workshop } from './service.ts';
import { shareVersions } from './shared-versions.ts';
import { createSignatures, type Signatures, signingEndpoints } from './signing/index.ts';
import { versionEndpoints } from './version-endpoints.ts';
import { createWebhooks, webhookEndpoints, type Webhooks } from './webhooks/index.ts';

export interface Registry extends RegistryCommands {
  readonly endpoints: readonly Endpoint[];
  /** What MLflow's clients may ask of the registry. */
  readonly mlflow: readonly MlflowRoute[];
  readonly signatures: Signatures;
  readonly webhooks: Webhooks;
  start(): Promise<void>;
}

const purgeJob = 'registry.purge';

/** Models and their versions: what may be released, where it comes from, and what is known about it. */
export function createRegistry({ kernel, identity, tracking }: RegistryDeps): Registry {
  const { clock, objects } = kernel;
  const signatures = createSignatures(kernel);
  const webhooks = createWebhooks({ kernel, projects: identity });
  // Signatures and what webhooks are told are written in the change that they belong to.
  const events = attendChanges(kernel.events, [signatures.signer.attend, webhooks.attend]);
  const workshop: Workshop = {
    clock,
    events,
    objects,
    database: events.database,
    projects: identity,
    tracking,
    retentionDays: kernel.settings.registryRetention,
  };
  const commands = createCommands(workshop);
  shareVersions(workshop);
  kernel.jobs.define(purgeJob, {
    async handle(_job, signal) {
      await commands.purge(signal);
    },
  });
  return {
    ...commands,
    signatures,
    webhooks,
    endpoints: [
      ...modelEndpoints(commands),
      ...versionEndpoints(commands),
      ...documentEndpoints(commands),
      ...importEndpoints(commands),
      ...directoryEndpoints(commands),
      ...signingEndpoints(signatures),
      ...webhookEndpoints(webhooks),
    ],
    mlflow: [...mlflowRoutes(commands), ...webhookRoutes(webhooks)],
    async start() {
      await kernel.jobs.schedule(events.database, { name: purgeJob, kind: purgeJob, cron: '40 3 * * *', payload: {} });
      await signatures.start();
      await webhooks.start();
    },
  };
}
