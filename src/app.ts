import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createData, dataMigrations } from '#data/index.ts';
import { createDelivery, deliveryMigrations, readDeployments } from '#delivery/index.ts';
import { createGovernance } from '#governance/index.ts';
import { createIdentity, type Identity, identityMigrations } from '#identity/index.ts';
import type { MigrationSet } from '#kernel/database/index.ts';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { kernelMigrations } from '#kernel/open-kernel.ts';
import { createMonitoring, monitoringMigrations } from '#monitoring/index.ts';
import { createPipelines, pipelineMigrations } from '#pipelines/index.ts';
import { createAdmission, createPolicy } from '#policy/index.ts';
import { createMaturity, maturityMigrations } from '#maturity/index.ts';
import { createRegistry, type Registry, registryMigrations } from '#registry/index.ts';
import { createServing, servingMigrations } from '#serving/index.ts';
import { type App, installation } from '#server/index.ts';
import { createTemplates } from '#templates/index.ts';
import {
  createRunTables,
  createTracking,
  mlflowDirectRoutes,
  mlflowPaths,
  mlflowAddresses,
  type MlflowRoute,
  trackingMigrations,
} from '#tracking/index.ts';

interface Part {
  readonly endpoints?: readonly Endpoint[];
  readonly mlflow?: readonly MlflowRoute[];
  start?(at: { readonly address: string }): Promise<void>;
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
  servingMigrations,
  monitoringMigrations,
  deliveryMigrations,
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
  const serving = createServing({ kernel, identity, registry });
  const monitoring = createMonitoring({
    kernel,
    projects: identity.projects,
    deployments: declarations(identity.projects),
    modelVersions: filesByName(registry),
  });
  const delivery = createDelivery({ kernel, policy, identity, data, registry, pipelines, serving });
  const governance = createGovernance({ kernel });
  const templates = createTemplates({ identity, directory: join(installation, 'templates'), projects: join(kernel.home, 'projects') });
  const maturity = createMaturity({ kernel, identity });
  const parts: readonly Part[] = [
    // First to start and last to stop: the last checkpoint covers what the others write when they stop.
    governance,
    identity,
    data,
    tracking,
    createRunTables({ kernel, tracking }),
    registry,
    pipelines,
    serving,
    monitoring,
    delivery,
    templates,
    maturity,
  ];
  const mlflow = parts.flatMap((part) => part.mlflow ?? []);
  return {
    endpoints: parts.flatMap((part) => part.endpoints ?? []),
    direct: {
      owned: mlflowAddresses,
      paths: mlflowPaths(mlflow),
      routes: (serving) => mlflowDirectRoutes(mlflow, { ...serving, access: createAdmission({ identity, policy }) }),
    },
    async admit(request, action, resource) {
      if (action === 'public') return anybody;
      const principal = await identity.authenticate(request);
      policy.authorize(principal, action, resource);
      return principal.actor;
    },
    async start(at) {
      for (const part of parts) await part.start?.(at);
      await kernel.jobs.start();
    },
    async stop() {
      await kernel.jobs.stop();
      for (const part of parts.toReversed()) await part.stop?.();
    },
  };
}

const anybody = { kind: 'system', id: 'anybody', name: 'Anybody' } as const;

/** Monitoring lies below delivery, which knows how `deployments:` in ripen.yaml is read. */
function declarations(projects: Identity['projects']) {
  return {
    async declaration(project: string, deployment: string): Promise<unknown> {
      const { path } = await projects.project(project);
      if (path === undefined) return undefined;
      const declared = readDeployments(await readFile(join(path, 'ripen.yaml'), 'utf8'), { sections: [] });
      return declared.find(({ name }) => name === deployment)?.declaration;
    },
  };
}

function filesByName(registry: Registry) {
  return {
    async version(project: string, model: string, version: string) {
      const { files, signature } = await registry.version(project, model, Number(version));
      return { files: Object.fromEntries(files.map((file) => [file.name, file.digest])), signature };
    },
  };
}
