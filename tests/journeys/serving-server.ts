import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentity, identityMigrations } from '../../src/identity/index.ts';
import { loadConfig } from '../../src/kernel/config/index.ts';
import { systemActor } from '../../src/kernel/events/index.ts';
import { endpoint } from '../../src/kernel/http/index.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { createLog } from '../../src/kernel/log.ts';
import { kernelMigrations } from '../../src/kernel/open-kernel.ts';
import { createPolicy } from '../../src/policy/index.ts';
import { type App, serve } from '../../src/server/index.ts';
import { createServing, type Environment, type ServableVersion, type Serving, servingMigrations } from '../../src/serving/index.ts';
import { z } from 'zod';
import { smallSignature } from './small-models.ts';
import { zstdDecompressSync } from 'node:zlib';

export const project = 'shop';
export const context = { actor: systemActor };

export interface ServingServer {
  readonly home: string;
  readonly address: string;
  readonly kernel: Kernel;
  readonly serving: Serving;
  /** Segments as they came: id and lines. */
  readonly segments: { readonly id: string; readonly lines: readonly Record<string, unknown>[] }[];
  /** While true the control plane takes no segments. */
  refuseSegments: boolean;
  /** Registers a model file as the next version and gives its number. */
  register(model: string, bytes: Uint8Array, more?: Partial<ServableVersion>): Promise<number>;
  ensure(deployment: string, spec?: object, environment?: Environment): Promise<void>;
  /** Deploys and waits until the rollout has ended or paused. */
  roll(
    deployment: string,
    version: number,
    how?: { strategy?: 'canary' | 'all-at-once'; environment?: Environment; release?: string },
  ): ReturnType<Serving['waitForRollout']>;
  gateway(environment?: Environment): Promise<string>;
  stop(): Promise<void>;
}

/** A server with identity, policy and serving, and a registry that holds what the test registers. */
export async function startServing(
  home = mkdtempSync(join(tmpdir(), 'ripen-serving-')),
  keep = false,
  gatewayPort = 0,
): Promise<ServingServer> {
  const { settings } = loadConfig({
    environment: {
      RIPEN_HOME: home,
      RIPEN_PORT: '0',
      RIPEN_GATEWAY_PORT: String(gatewayPort),
      RIPEN_LOG_LEVEL: process.env['RIPEN_TEST_LOG'] ?? 'silent',
    },
    directory: home,
  });
  const versions = new Map<string, ServableVersion>();
  const parts: { kernel?: Kernel; serving?: Serving } = {};
  const state = { refuseSegments: false };
  const segments: ServingServer['segments'] = [];
  const createApp = (kernel: Kernel): App => {
    const policy = createPolicy();
    const identity = createIdentity({ kernel, auth: 'none' });
    const registry = {
      async version(_project: string, model: string, version: number): Promise<ServableVersion> {
        const found = versions.get(`${model}/${version}`);
        if (found === undefined) throw new Error(`no version ${version} of ${model}`);
        return found;
      },
    };
    const serving = createServing({ kernel, identity, registry });
    const predictions = endpoint({
      method: 'post',
      path: '/api/v1/agent/predictions',
      id: 'test.predictions',
      action: 'predictions:agent',
      summary: 'Takes segments',
      query: z.object({ account: z.string(), project: z.string(), deployment: z.string(), segment: z.string() }),
      rawBody: 'application/x-ndjson',
      rawResult: 'application/json',
      async handle({ query, request }) {
        const bytes = Buffer.from(await request.arrayBuffer());
        if (state.refuseSegments) return new Response('not now', { status: 503 });
        const text = zstdDecompressSync(bytes).toString('utf8');
        const lines = text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
        segments.push({ id: query.segment, lines });
        return Response.json({});
      },
    });
    parts.kernel = kernel;
    parts.serving = serving;
    return {
      endpoints: [...identity.endpoints, ...serving.endpoints, predictions],
      async admit(request, action, resource) {
        if (action === 'public') return systemActor;
        const principal = await identity.authenticate(request);
        policy.authorize(principal, action, resource);
        return principal.actor;
      },
      async start(at) {
        if ((await identity.projects.list()).length === 0) await identity.projects.create(context, { name: project });
        await serving.start(at);
      },
      stop: () => serving.stop(),
    };
  };
  const server = await serve(
    { migrations: [...kernelMigrations, identityMigrations, servingMigrations], createApp },
    settings,
    createLog({ level: settings.logLevel }),
  );
  const { kernel, serving } = parts;
  if (kernel === undefined || serving === undefined) throw new Error('the server did not create its parts');
  return {
    home,
    address: server.address,
    kernel,
    serving,
    segments,
    get refuseSegments() {
      return state.refuseSegments;
    },
    set refuseSegments(value) {
      state.refuseSegments = value;
    },
    async register(model, bytes, more = {}) {
      const version = [...versions.keys()].filter((key) => key.startsWith(`${model}/`)).length + 1;
      const { digest } = await kernel.objects.put(bytes);
      versions.set(`${model}/${version}`, {
        model,
        version,
        digest,
        files: [{ name: 'model.onnx', digest }],
        signature: smallSignature,
        ...more,
      });
      return version;
    },
    async ensure(deployment, spec = {}, environment = 'production') {
      await serving.ensureDeployment(context, { project, deployment, environment, spec: { model: deployment, ...spec } });
    },
    async roll(deployment, version, { strategy = 'all-at-once', environment = 'production', release } = {}) {
      const { rollout } = await serving.deploy(context, { project, deployment, environment, version, cause: 'release', strategy, release });
      return serving.waitForRollout(rollout.id, AbortSignal.timeout(60_000));
    },
    async gateway(environment = 'production') {
      for (let tries = 0; tries < 200; tries++) {
        const found = await serving.gateway(environment);
        if (found !== undefined) return found;
        await new Promise((resolve) => void setTimeout(resolve, 50));
      }
      throw new Error('the gateway did not come up');
    },
    async stop() {
      await server.stop();
      if (!keep) rmSync(home, { recursive: true, force: true });
    },
  };
}
