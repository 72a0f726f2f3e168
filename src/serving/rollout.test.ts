import assert from 'node:assert/strict';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { eventMigrations } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { servingMigrations } from './index.ts';
import { context, place, servableVersion, servingBench, type ServingBench } from './testing.ts';

const sets = [eventMigrations, servingMigrations];
const spec = {
  model: 'prices',
  canary: [10, 50, 100],
  rollout: { minimum_requests: 50, error_rate_margin: 0.05, step_timeout: '30s', extensions: 1 },
};

async function withFirstRevision(bench: ServingBench, more: object = {}): Promise<void> {
  await bench.serving.ensureDeployment(context, { ...place, spec: { ...spec, ...more } });
  await bench.serving.deploy(context, { ...place, version: 1, cause: 'release', strategy: 'canary' });
  await bench.report();
  await bench.report();
}

async function withCanary(bench: ServingBench): Promise<string> {
  await withFirstRevision(bench);
  const { rollout } = await bench.serving.deploy(context, { ...place, version: 2, cause: 'retrain', strategy: 'canary', release: 'r2' });
  return rollout.id;
}

const good = { '1': { requests: 500 }, '2': { requests: 200 } };

testOnEachDatabase('the first revision gets everything as soon as it is ready', sets, async (database) => {
  const bench = await servingBench(database);
  await bench.serving.ensureDeployment(context, { ...place, spec });
  const { rollout } = await bench.serving.deploy(context, { ...place, version: 1, cause: 'release', strategy: 'canary' });
  assert.deepEqual(await bench.weights(), { '1': 0 });
  await bench.report({}, { replicas: [] });
  assert.equal((await bench.serving.rollout(rollout.id))?.state, 'pending');
  await bench.report();
  assert.deepEqual(await bench.weights(), { '1': 100 });
  await bench.report();
  assert.equal((await bench.serving.rollout(rollout.id))?.state, 'promoted');
  assert.deepEqual(await bench.eventTypes(), ['deployment.created', 'rollout.started', 'service.deployed', 'rollout.finished']);
});

testOnEachDatabase('a good candidate climbs step by step and the old revision stays warm', sets, async (database) => {
  const bench = await servingBench(database);
  const id = await withCanary(bench);
  const weights = async (): Promise<number | undefined> => (await bench.weights())['2'];
  await bench.report();
  assert.equal(await weights(), 10);
  await bench.report({ '1': { requests: 5000 } });
  await bench.report(good);
  assert.equal(await weights(), 50);
  await bench.report();
  await bench.report(good);
  assert.equal(await weights(), 100);
  await bench.report();
  const rollout = await bench.serving.rollout(id);
  assert.equal(rollout?.state, 'promoted');
  assert.deepEqual(
    rollout?.measurements.map(({ weight, verdict }) => [weight, verdict]),
    [
      [10, 'passed'],
      [50, 'passed'],
    ],
  );
  assert.deepEqual(await bench.weights(), { '1': 0, '2': 100 });
  const [deployed] = await bench.events.find({ types: ['service.deployed'], after: 4 });
  assert.deepEqual([deployed?.data['version'], deployed?.data['cause'], deployed?.data['release']], ['2', 'retrain', 'r2']);
  assert.deepEqual(await bench.serving.serving(place), { version: 2, revision: rollout?.revision });
  assert.deepEqual(await bench.serving.progress(place, 'r2'), { state: 'serving', revision: rollout?.revision });
});

testOnEachDatabase('a candidate that errs loses its traffic and the reason is told', sets, async (database) => {
  const bench = await servingBench(database);
  const id = await withCanary(bench);
  await bench.report();
  await bench.report();
  assert.equal((await bench.serving.progress(place, 'r2'))?.state, 'moving');
  await bench.report({ '1': { requests: 500 }, '2': { requests: 60, errors: 40 } });
  assert.deepEqual(await bench.weights(), { '1': 100 });
  assert.equal((await bench.eventTypes()).includes('service.rolled-back'), false, 'not before the traffic has moved');
  bench.clock.advance(120);
  await bench.report();
  const rollout = await bench.serving.rollout(id);
  assert.equal(rollout?.state, 'rolled-back');
  assert.match(rollout?.reason ?? '', /Errors 66\.7% of the candidate/);
  const [back] = await bench.events.find({ types: ['service.rolled-back'] });
  assert.deepEqual(
    [back?.data['automatic'], back?.data['fromVersion'], back?.data['toVersion'], back?.data['durationMs']],
    [true, '2', '1', 120],
  );
  const progress = await bench.serving.progress(place, 'r2');
  assert.equal(progress?.state, 'rolled-back');
});

testOnEachDatabase('scores of another kind end a rollout', sets, async (database) => {
  const bench = await servingBench(database);
  const id = await withCanary(bench);
  await bench.report();
  await bench.report();
  await bench.report({ '1': { requests: 500, score: 0.2 }, '2': { requests: 200, score: 0.8 } });
  const rollout = await bench.serving.rollout(id);
  assert.equal(rollout?.state, 'rolled-back');
  assert.match(rollout?.reason ?? '', /Jensen-Shannon/);
});

testOnEachDatabase('without enough traffic a step gets more time, then the rollout pauses; resumed it goes on', sets, async (database) => {
  const bench = await servingBench(database);
  const id = await withCanary(bench);
  await bench.report();
  await bench.report();
  const state = async (): Promise<string | undefined> => (await bench.serving.rollout(id))?.state;
  bench.clock.advance(31_000);
  await bench.report({ '1': { requests: 20 }, '2': { requests: 20 } });
  assert.deepEqual([await state(), (await bench.serving.rollout(id))?.extensions], ['judging', 1]);
  bench.clock.advance(31_000);
  await bench.report();
  assert.equal(await state(), 'paused');
  assert.deepEqual(await bench.weights(), { '1': 90, '2': 10 });
  await bench.api.call('POST', `/api/v1/projects/shop/rollouts/${id}/resume`, {});
  await bench.report(good);
  await bench.report();
  assert.equal((await bench.weights())['2'], 50, 'what was counted before the pause still counts');
  await bench.api.call('POST', `/api/v1/projects/shop/rollouts/${id}/resume`, {}, { status: 409 });
});

testOnEachDatabase('a candidate that does not start, or does not stay up, never gets traffic', sets, async (database) => {
  const bench = await servingBench(database);
  const id = await withCanary(bench);
  const candidate = (await bench.serving.rollout(id))?.revision ?? '';
  const failing = { revision: candidate, replica: 0, state: 'failing' as const, restarts: 4, reason: 'the file has no input "x"' };
  await bench.report({}, { replicas: [failing], failures: [{ revision: candidate, replica: 0, reason: 'signal SIGKILL ended it' }] });
  const rollout = await bench.serving.rollout(id);
  assert.deepEqual([rollout?.state, rollout?.reason], ['rolled-back', 'a replica does not stay up: the file has no input "x"']);
  const types = await bench.eventTypes();
  assert.ok(types.includes('replica.failed') && !types.includes('service.rolled-back'));
  const second = await bench.serving.deploy(context, { ...place, version: 3, cause: 'release', strategy: 'canary' });
  bench.clock.advance(61_000);
  await bench.report({}, { replicas: [] });
  assert.match((await bench.serving.rollout(second.rollout.id))?.reason ?? '', /0 of 1 replicas were ready within 60 s/);
});

testOnEachDatabase('one rollout at a time; abort gives the traffic back', sets, async (database) => {
  const bench = await servingBench(database);
  const id = await withCanary(bench);
  await assert.rejects(bench.serving.deploy(context, { ...place, version: 3, cause: 'release', strategy: 'canary' }), {
    code: 'serving.rollout-under-way',
  });
  await bench.report();
  await bench.serving.abort(context, place, { release: 'another', reason: 'no' });
  assert.equal((await bench.weights())['2'], 10);
  await bench.serving.abort(context, place, { release: 'r2', reason: 'changed our mind' });
  assert.deepEqual(await bench.weights(), { '1': 100 });
  assert.deepEqual(
    [(await bench.serving.rollout(id))?.state, (await bench.serving.progress(place, 'r2'))?.state],
    ['cancelled', 'rolled-back'],
  );
});

testOnEachDatabase('rollback returns to the warm revision, once', sets, async (database) => {
  const bench = await servingBench(database);
  await withFirstRevision(bench);
  await assert.rejects(bench.serving.rollBack(context, { ...place, reason: 'bad' }), { code: 'serving.nothing-to-roll-back-to' });
  await bench.serving.deploy(context, { ...place, version: 2, cause: 'release', strategy: 'all-at-once' });
  await bench.report();
  await bench.report();
  const going = bench.serving.rollBack(context, { ...place, reason: 'customers complain' });
  while ((await bench.weights())['1'] !== 100) await new Promise((resolve) => void setImmediate(resolve));
  bench.clock.advance(40);
  await bench.report();
  const done = await going;
  assert.deepEqual([done.automatic, done.finishedAt === undefined], [false, false]);
  assert.deepEqual(await bench.weights(), { '1': 100 });
  const [event] = await bench.events.find({ types: ['service.rolled-back'] });
  assert.deepEqual([event?.data['reason'], event?.data['automatic'], event?.data['toVersion']], ['customers complain', false, '1']);
  await bench.report();
  const { environments } = await bench.serving.deployment('shop', 'prices');
  assert.deepEqual(
    environments[0]?.revisions.map(({ number, state }) => [number, state]),
    [
      [2, 'retired'],
      [1, 'serving'],
    ],
  );
  await assert.rejects(bench.serving.rollBack(context, { ...place, reason: 'again' }), { code: 'serving.nothing-to-roll-back-to' });
});

testOnEachDatabase('after two promotions only the last two revisions run', sets, async (database) => {
  const bench = await servingBench(database);
  await withFirstRevision(bench);
  for (const version of [2, 3]) {
    await bench.serving.deploy(context, { ...place, version, cause: 'release', strategy: 'all-at-once' });
    await bench.report();
    await bench.report();
  }
  assert.deepEqual(await bench.weights(), { '2': 0, '3': 100 });
  await bench.serving.retire(context, place);
  assert.deepEqual(await bench.weights(), {});
});

testOnEachDatabase('what cannot be served is refused with the reason', sets, async (database) => {
  const files = [
    { name: 'a.onnx', digest: 'x' },
    { name: 'b.onnx', digest: 'y' },
  ];
  const unservable = [{ name: 'labels', kind: 'sequence' }];
  const { signature } = servableVersion('prices', 1);
  const bench = await servingBench(database, {
    1: { signature: undefined },
    2: { files: [] },
    3: { files },
    4: { signature: signature && { ...signature, unservable } },
  });
  await bench.serving.ensureDeployment(context, { ...place, spec });
  const refusals = [/no signature/, /no file that ends in .onnx/, /several ONNX files \(a.onnx, b.onnx\)/, /"labels" is a sequence/];
  for (const [index, message] of refusals.entries()) {
    const order = { ...place, version: index + 1, cause: 'release', strategy: 'canary' } as const;
    await assert.rejects(bench.serving.deploy(context, order), { code: 'serving.model-not-servable', message });
  }
  await assert.rejects(bench.serving.deploy(context, { ...place, deployment: 'none', version: 1, cause: 'release', strategy: 'canary' }), {
    code: 'serving.deployment-not-found',
  });
});

testOnEachDatabase('a deployment is made once, keeps its model, and its name is the server’s', sets, async (database) => {
  const bench = await servingBench(database);
  const ensure = (more: object, at: object = {}) =>
    bench.serving.ensureDeployment(context, { ...place, ...at, spec: { ...spec, ...more } });
  await ensure({});
  await ensure({});
  await ensure({ owner: 'ada' });
  assert.deepEqual(await bench.eventTypes(), ['deployment.created', 'deployment.changed']);
  await assert.rejects(ensure({ model: 'other' }), { code: 'serving.deployment-other-model' });
  await assert.rejects(ensure({}, { project: 'garden' }), { code: 'serving.deployment-name-taken' });
  await assert.rejects(ensure({}, { deployment: 'Über' }), { code: 'serving.invalid-name' });
});

testOnEachDatabase('the same report twice counts once, a new agent counts on, and the series shows it', sets, async (database) => {
  const bench = await servingBench(database);
  await withFirstRevision(bench);
  await bench.report({ '1': { requests: 100, errors: 3 } });
  await bench.report();
  const revision = (await bench.serving.serving(place))?.revision ?? '';
  const empty = { cells: [-1], missing: 0 };
  const fresh = { revision, since: 2, requests: 7, rows: 70, errors: 0, latency: empty, scores: empty };
  await bench.report({}, { traffic: [fresh] });
  const { environments } = await bench.serving.deployment('shop', 'prices');
  const traffic = environments[0]?.revisions[0]?.traffic;
  assert.deepEqual([traffic?.requests, traffic?.rows, traffic?.errors], [107, 170, 3]);
  assert.ok((traffic?.latencyP99Ms ?? 0) > 5 && (traffic?.latencyP99Ms ?? 0) < 6.5, String(traffic?.latencyP99Ms));
  const series = await bench.api.call<{ points: { requests: number }[] }>('GET', '/api/v1/projects/shop/deployments/prices/traffic');
  assert.equal(
    series.points.reduce((sum, { requests }) => sum + requests, 0),
    107,
  );
});

testOnEachDatabase('an agent waits for news and speaks for its own account only', sets, async (database) => {
  const bench = await servingBench(database);
  await withFirstRevision(bench);
  const { version } = await bench.desired();
  const waiting = bench.api.call<{ version: number }>('GET', `/api/v1/agent/desired?account=production&version=${version}`);
  await bench.serving.deploy(context, { ...place, version: 2, cause: 'release', strategy: 'canary' });
  assert.ok((await waiting).version > version);
  const stranger = testApi(bench.serving.endpoints, { kind: 'service', id: 'agent-staging', name: 'Agent of staging' });
  await stranger.call('GET', '/api/v1/agent/desired?account=production', undefined, { status: 403 });
  await stranger.call('GET', '/api/v1/agent/desired?account=staging');
  await bench.api.call('GET', `/api/v1/agent/objects/sha256:${'cd'.repeat(32)}?account=production`, undefined, { status: 404 });
});
