import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createData, dataMigrations } from '#data/index.ts';
import { createIdentity, identityMigrations } from '#identity/index.ts';
import { loadConfig } from '#kernel/config/index.ts';
import { type HttpServer, listen, mountEndpoints } from '#kernel/http/index.ts';
import { silentLog } from '#kernel/log.ts';
import { kernelMigrations, openKernel } from '#kernel/open-kernel.ts';
import { createPolicy } from '#policy/index.ts';
import { createRegistry, registryMigrations } from '#registry/index.ts';
import { createServing, servingMigrations } from '#serving/index.ts';
import { createTracking, trackingMigrations } from '#tracking/index.ts';
import { createDelivery } from './delivery.ts';
import { deliveryMigrations } from './migrations.ts';
import { isOutcome } from './states.ts';
import { ada, rowsWithBlindBaseline } from './testing/delivery-bench.ts';
import { tinyModel } from './testing/tiny-model.ts';

const context = { actor: ada, project: 'flights' };
const ripenYaml = `
deployments:
  delay:
    model: delay
    canary: [100]
    gates: { bootstrap_samples: 200, slices: { by: [half], minimum_rows: 200, minimum_auc: 0.55 } }
`;
const contract = 'dataset: flights\ncolumns:\n  x: { type: integer, nulls: forbidden }\n';

test('a release goes through agents, gateways and model servers that are all real', async () => {
  const home = mkdtempSync(join(tmpdir(), 'ripen-delivery-real-'));
  const environment = { RIPEN_HOME: home, RIPEN_PORT: '0', RIPEN_GATEWAY_PORT: '0' };
  const { settings } = loadConfig({ environment, flags: {}, directory: home });
  const opened = await openKernel(settings, silentLog);
  const { kernel } = opened;
  const undo: (() => Promise<void>)[] = [() => opened.close()];
  try {
    await kernel.database.migrate([
      ...kernelMigrations,
      identityMigrations,
      dataMigrations,
      trackingMigrations,
      registryMigrations,
      servingMigrations,
      deliveryMigrations,
    ]);
    const policy = createPolicy();
    const identity = createIdentity({ kernel, auth: 'none' });
    const data = createData({ kernel, projects: identity.projects });
    const tracking = createTracking({ kernel, identity: identity.projects });
    const registry = createRegistry({ kernel, identity: identity.projects, tracking });
    const serving = createServing({ kernel, identity, registry });
    const pipelines = { pipelineRun: () => Promise.reject(new Error('There are no pipelines here.')) };
    const delivery = createDelivery({ kernel, policy, identity, data, registry, pipelines, serving });
    const http: HttpServer = await listen(
      mountEndpoints({
        endpoints: [...serving.endpoints, ...delivery.endpoints],
        async admit(request) {
          return (await identity.authenticate(request)).actor;
        },
        nextRequestId: () => kernel.ids.next(),
      }),
      { host: '127.0.0.1', port: 0, nextRequestId: () => kernel.ids.next() },
    );
    undo.push(() => http.close());
    await serving.start({ address: http.address });
    undo.push(() => serving.stop());
    await delivery.start();
    undo.push(() => delivery.stop());
    await kernel.jobs.start();

    const project = join(home, 'flights');
    mkdirSync(project);
    writeFileSync(join(project, 'ripen.yaml'), ripenYaml);
    await identity.projects.create(context, { name: 'flights', path: project });
    writeFileSync(join(home, 'flights.csv'), 'x\n1\n2\n');
    const load = { project: 'flights', dataset: 'flights', mode: 'append', producer: { kind: 'upload', id: '1' } } as const;
    const { snapshot } = await data.publish(context, {
      ...load,
      file: { path: join(home, 'flights.csv') },
      contract: { text: contract, name: 'contract.yaml' },
    });
    await kernel.analytics.run(`COPY (${rowsWithBlindBaseline}) TO '${join(home, 'rows.parquet')}' (FORMAT parquet)`);
    const evaluation = await kernel.objects.putFile(join(home, 'rows.parquet'));
    const card = await kernel.objects.put('# Delay\n');
    const register = async (weight: number): Promise<number> => {
      const run = await tracking.startRun(context, { project: 'flights', experiment: 'delay' });
      const model = await kernel.objects.put(tinyModel({ weight, bias: 0 }));
      const files = { 'model.onnx': model.digest, 'evaluation.parquet': evaluation.digest, 'card.md': card.digest };
      const snapshots = [{ dataset: 'flights', snapshot: snapshot.number, digest: snapshot.digest }];
      return (await registry.registerVersion(context, { project: 'flights', model: 'delay', run: run.id, files, snapshots })).version;
    };
    const release = async (version: number) => {
      const { id } = await delivery.release(context, { project: 'flights', deployment: 'delay', version, reason: 'a test' });
      for (const began = Date.now(); Date.now() - began < 60_000; await sleep(50)) {
        const story = await delivery.story('flights', id);
        if (isOutcome(story.release.state)) return story;
      }
      throw new Error(`The release does not end: ${JSON.stringify(await delivery.story('flights', id))}`);
    };

    const first = await release(await register(4));
    assert.equal(first.release.state, 'released', JSON.stringify(first, undefined, 1));
    const smoke = first.gates[1]?.checks.filter(({ name }) => name.startsWith('smoke')).map(({ outcome }) => outcome);
    assert.deepEqual(smoke, ['passed', 'passed']);
    assert.equal((await release(await register(-1))).release.state, 'refused');
    const place = { project: 'flights', deployment: 'delay', environment: 'production' } as const;
    const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [0] }] };
    const answer = await serving.predict(place, { body, signal: AbortSignal.timeout(5000) });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal((await registry.version('flights', 'delay', '@production')).version, 1);
    const order = await kernel.events.find({ types: ['gate.evaluated', 'service.deployed'] });
    assert.deepEqual(
      order.slice(0, 4).map(({ type, data }) => [type, data['environment']]),
      [
        ['gate.evaluated', 'staging'],
        ['service.deployed', 'staging'],
        ['gate.evaluated', 'production'],
        ['service.deployed', 'production'],
      ],
    );
  } finally {
    for (let next = undo.pop(); next !== undefined; next = undo.pop()) await next();
    rmSync(home, { recursive: true, force: true });
  }
});
