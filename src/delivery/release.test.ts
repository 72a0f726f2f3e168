import assert from 'node:assert/strict';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { testApi } from '#kernel/http/testing.ts';
import type { ReleasePageWire, ReleaseStoryWire, ReleaseWire } from './index.ts';
import { ada, benchMigrations, withBench } from './testing/delivery-bench.ts';

const request = { project: 'flights', deployment: 'delay', reason: 'the first one' };
const context = { actor: ada, project: 'flights' };

testOnEachDatabase('a good version goes through both gates into production, and the events tell it in order', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    const { delivery } = await bench.start();
    await bench.register(1, { weight: 4, bias: 0 });
    const made = await delivery.release(context, { ...request, version: 1 });
    const { release, gates, steps } = await bench.until(delivery, made.id);
    assert.equal(release.state, 'released', JSON.stringify(gates, undefined, 1));
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['created', 'checking', 'staging', 'smoke-testing', 'awaiting-approval', 'production', 'released'],
    );
    assert.deepEqual(await bench.eventTypes(), [
      'release.created',
      'gate.evaluated staging',
      'service.deployed staging',
      'gate.evaluated production',
      'service.deployed production',
      'release.finished',
    ]);
    assert.deepEqual(
      gates[0]?.checks.map(({ name, outcome }) => `${name} ${outcome}`),
      [
        'artifact_digest passed',
        'model_card passed',
        'auc_over_baseline passed',
        'auc_over_production passed',
        'slice_floors passed',
        'latency_p99_ms passed',
        'size_bytes passed',
        'contract_green passed',
        'signature_compatible passed',
      ],
    );
    assert.deepEqual(
      gates[1]?.checks.slice(-3).map(({ name }) => name),
      ['smoke_scores', 'smoke_version', 'approvals'],
    );
    assert.match(gates[1].checks.at(-1)?.explanation ?? '', /nobody but its author has looked/);
    assert.deepEqual(
      [...bench.aliases],
      [
        ['staging', 1],
        ['production', 1],
      ],
    );
    assert.equal(gates[0]?.measurements?.rows, 3000);
    assert.ok((gates[0].measurements.latencyP99Ms ?? 0) > 0);
  }),
);

testOnEachDatabase('over the wire: a worse version is refused with its figures, as a rehearsal too', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    const { delivery } = await bench.start();
    const api = testApi(delivery.endpoints, ada);
    const path = '/api/v1/projects/flights/releases';
    await bench.register(1, { weight: 4, bias: 0 });
    await bench.register(2, { weight: -1, bias: 0 });
    const first = await api.call<ReleaseWire>('POST', path, { deployment: 'delay', version: 1, reason: 'first' }, { status: 201 });
    await bench.until(delivery, first.id);
    const worse = { deployment: 'delay', version: 2, reason: 'to see it refused', deliberate: true };
    const made = await api.call<ReleaseWire>('POST', path, worse, { status: 201 });
    await bench.until(delivery, made.id);
    const story = await api.call<ReleaseStoryWire>('GET', `${path}/${made.id}`);
    assert.deepEqual([story.state, story.deliberate, story.number, story.gates.length], ['refused', true, 2, 1]);
    assert.match(story.note ?? '', /checks refuse: .*auc_over_production/);
    const check = story.gates[0]?.checks.find(({ name }) => name === 'auc_over_production');
    assert.deepEqual([check?.outcome, story.gates[0]?.comparedWith], ['refused', 1]);
    const { gain = 0, lower = 0, upper = 0, confidence } = check?.comparison ?? {};
    assert.ok(lower < gain && gain < upper && upper < -0.1 && confidence === 0.95, JSON.stringify(check));
    assert.match(check?.explanation ?? '', /gain -0\.\d+, 95% interval -0\.\d+ to -0\.\d+/);
    assert.equal(bench.serving.orders.length, 2, 'nothing of the refused version was deployed');
    const refused = await bench.events.find({ types: ['gate.evaluated'], order: 'newest-first', limit: 1 });
    assert.equal(refused[0]?.data['outcome'], 'refused');
    const finished = await bench.events.find({ types: ['release.finished'], order: 'newest-first', limit: 1 });
    assert.deepEqual([finished[0]?.data['outcome'], finished[0]?.data['deliberate']], ['refused', true]);
    const page = await api.call<ReleasePageWire>('GET', `${path}?limit=1`);
    assert.deepEqual([page.items.map(({ number }) => number), page.next], [[2], '2']);
    const rest = await api.call<ReleasePageWire>('GET', `${path}?limit=1&after=2`);
    assert.deepEqual([rest.items.map(({ number }) => number), rest.next], [[1], undefined]);
    await api.call('GET', `${path}/nothing`, undefined, { status: 404 });
    await api.call('POST', path, { deployment: 'delya', version: 1, reason: 'a slip' }, { status: 404 });
    await api.call('POST', path, { deployment: 'delay', version: 1, reason: 'again' }, { status: 409 });
    await api.call('POST', `${path}/${first.id}/cancel`, { reason: 'too late' }, { status: 409 });
  }),
);
