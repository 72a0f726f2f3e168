import { readFileSync } from 'node:fs';
import { createIdentity, identityMigrations } from '#identity/index.ts';
import { loadConfig } from '#kernel/config/index.ts';
import { systemActor } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { silentLog } from '#kernel/log.ts';
import { kernelMigrations } from '#kernel/open-kernel.ts';
import { createMonitoring, monitoringMigrations } from '#monitoring/index.ts';
import { createPolicy } from '#policy/index.ts';
import { createRegistry, registryMigrations } from '#registry/index.ts';
import { type App, serve } from '#server/index.ts';
import { createServing, servingMigrations } from '#serving/index.ts';
import { createTracking, trackingMigrations } from '#tracking/index.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import type { TrainedModel } from './trained-model.ts';

export interface ServedModel {
  /** Of the Open Inference Protocol. */
  readonly url: string;
  /** The agent, with the gateway in it and the model server below it. */
  readonly pid: number;
  /** How many predictions monitoring has taken in. */
  logged(): Promise<number>;
  stop(): Promise<void>;
}

const place = { project: 'flights', deployment: 'delay', environment: 'production' } as const;
const context = { actor: systemActor, project: place.project };
const sets = [...kernelMigrations, identityMigrations, trackingMigrations, registryMigrations, servingMigrations, monitoringMigrations];

/** Everything between a registered model and its logged predictions is as in production; no gate stands before it. */
export async function serveModel(home: string, files: TrainedModel): Promise<ServedModel> {
  const environment = { RIPEN_HOME: home, RIPEN_PORT: '0', RIPEN_GATEWAY_PORT: '0' };
  const { settings } = loadConfig({ environment, directory: home });
  const made: { app?: ReturnType<typeof createParts> } = {};
  const server = await serve({ migrations: sets, createApp: (kernel) => (made.app = createParts(kernel)) }, settings, silentLog);
  const { app } = made;
  if (app === undefined) throw new Error('the server did not create its parts');
  const { identity, kernel, tracking, registry, serving, monitoring } = app;
  await identity.projects.create(context, { name: place.project });
  const run = await tracking.startRun(context, { project: place.project, experiment: 'delay' });
  const model = await kernel.objects.put(readFileSync(files.model));
  const reference = await kernel.objects.put(readFileSync(files.reference));
  const { version } = await registry.registerVersion(context, {
    project: place.project,
    model: 'delay',
    run: run.id,
    files: { 'model.onnx': model.digest, 'reference.parquet': reference.digest },
  });
  await serving.ensureDeployment(context, { ...place, spec: { model: 'delay' } });
  const { rollout } = await serving.deploy(context, { ...place, version, cause: 'release', strategy: 'all-at-once' });
  const ended = await serving.waitForRollout(rollout.id, AbortSignal.timeout(120_000));
  if (ended.state !== 'promoted') throw new Error(`the rollout ended as ${ended.state}: ${ended.reason ?? ''}`);
  const gateway = await eventually('the gateway', () => serving.gateway('production'));
  return {
    url: `${gateway}/v2/models/${place.deployment}/infer`,
    pid: serving.agentProcess('production') ?? 0,
    async logged() {
      const windows = await monitoring.windows(place, { limit: 1000 });
      return windows.reduce((sum, { predictions }) => sum + predictions, 0);
    },
    stop: () => server.stop(),
  };
}

function createParts(kernel: Kernel) {
  const policy = createPolicy();
  const identity = createIdentity({ kernel, auth: 'none' });
  const tracking = createTracking({ kernel, identity: identity.projects });
  const registry = createRegistry({ kernel, identity: identity.projects, tracking });
  const serving = createServing({ kernel, identity, registry });
  const modelVersions = {
    async version(project: string, model: string, version: string) {
      const { files, signature } = await registry.version(project, model, Number(version));
      return { files: Object.fromEntries(files.map((file) => [file.name, file.digest])), signature };
    },
  };
  const monitoring = createMonitoring({
    kernel,
    projects: identity.projects,
    deployments: { declaration: async () => undefined },
    modelVersions,
  });
  const app: App = {
    endpoints: [...identity.endpoints, ...serving.endpoints, ...monitoring.endpoints],
    async admit(request, action, resource) {
      const principal = await identity.authenticate(request);
      policy.authorize(principal, action, resource);
      return principal.actor;
    },
    async start(at) {
      await serving.start(at);
      await monitoring.start();
      await kernel.jobs.start();
    },
    async stop() {
      await kernel.jobs.stop();
      await monitoring.stop();
      await serving.stop();
    },
  };
  return { ...app, kernel, identity, tracking, registry, serving, monitoring };
}
