import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { testApi } from '#kernel/http/testing.ts';
import { bytesOf, flightsOf, ground, lineOf, monitoringSets, setUp, watched } from '../testing.ts';
import type { PredictionWire, ReceivedLabelsWire, ReceivedSegmentWire } from '../wire.ts';
import { parsePredictionLine } from './prediction-line.ts';

const at = ground();
const production = { ...watched, environment: 'production' };

test('a request of several rows is as many predictions, each with its own id', () => {
  const request = {
    id: 'a',
    time: 5,
    revision: 'r',
    version: 2,
    latency_us: 7,
    inputs: {
      x: [1, 2],
      v: [
        [1, 2],
        [3, 4],
      ],
    },
    outputs: { p: [0.1, 0.9, 0.3, 0.7] },
  };
  const parsed = parsePredictionLine(JSON.stringify(request));
  assert.ok('rows' in parsed);
  assert.deepEqual(
    parsed.rows.map(({ id, inputs, outputs, event_time: time }) => [id, inputs['x'], inputs['v'], outputs['p'], time]),
    [
      ['a/0', 1, '[1,2]', 0.9, 5],
      ['a/1', 2, '[3,4]', 0.7, 5],
    ],
  );
});

test('what is no prediction says why; what failed is one all the same', () => {
  for (const bad of ['', '{', '[]', '{"id":"a"}', '{"id":"a","time":-1,"revision":"r","version":1}', 'null']) {
    const parsed = parsePredictionLine(bad);
    assert.ok('problem' in parsed && parsed.problem.length > 3, bad);
  }
  const failed = parsePredictionLine('{"id":"a","time":1,"revision":"r","version":1,"status":400,"event_time":"soon"}');
  assert.ok('rows' in failed && failed.rows.length === 1 && failed.rows[0]?.failed === true && failed.rows[0].event_time === 1);
});

testOnEachDatabase('an agent of one account cannot speak of another', monitoringSets, async (database) => {
  const { monitoring } = setUp(database, at());
  const api = testApi(monitoring.endpoints, { kind: 'service', id: 'agent-staging', name: 'Agent of staging' });
  const post = (account: string) =>
    api.request(`/api/v1/agent/predictions?account=${account}&project=flights&deployment=flight-delay&segment=1`, {
      method: 'POST',
      body: '',
    });
  assert.deepEqual([(await post('production')).status, (await post('staging')).status], [403, 200]);
});

testOnEachDatabase('a segment: torn, corrupt, compressed, odd and repeated', monitoringSets, async (database) => {
  const { api } = setUp(database, at());
  const [first, second, third] = flightsOf(0);
  const torn = `${lineOf(first!)}\n{"id": "broken\n\n${lineOf(second!)}\n${lineOf(third!).slice(0, 40)}`;
  const path = '/api/v1/agent/predictions?account=production&project=flights&deployment=flight-delay&segment=';
  const post = async (segment: string, body: string | Uint8Array<ArrayBuffer>): Promise<ReceivedSegmentWire & { code?: string }> =>
    (await api.request(`${path}${segment}`, { method: 'POST', body })).json() as Promise<ReceivedSegmentWire & { code?: string }>;
  const answer = await post('torn', torn);
  assert.deepEqual([answer.predictions, answer.corrupt, answer.repeated], [2, 2, false]);
  assert.match(answer.problem ?? '', /^line 2: /);
  assert.deepEqual(await post('torn', torn), { ...answer, repeated: true });
  const odd = lineOf(
    { ...first!, id: 'odd "; DROP', origin: 'Zürich ✈' },
    { inputs: { origin: ["Zürich ✈ '"], HOUR: [3], hour: [4], flag: [true] } },
  );
  const zipped = await post('zipped', new Uint8Array(zstdCompressSync(odd)));
  assert.equal(zipped.predictions, 1);
  assert.equal((await post('cut', new Uint8Array(zstdCompressSync(odd)).slice(0, 60))).code, 'monitoring.segment-unreadable');
  assert.equal((await post('empty', '')).predictions, 0);
  const found = await api.call<{ items: PredictionWire[] }>(
    'GET',
    `/api/v1/projects/flights/deployments/flight-delay/predictions?ids=${encodeURIComponent('odd "; DROP')},${first!.id},none`,
  );
  assert.deepEqual(
    found.items.map(({ id }) => id),
    [first!.id, 'odd "; DROP'],
  );
  assert.deepEqual(found.items[1]?.inputs, { origin: "Zürich ✈ '", hour: 3, flag: 'true' });
  const hostile = lineOf({ ...first!, id: 'nul \0 half \ud800', origin: '\udfff,\0' }, { revision: '\0' });
  assert.equal((await post('hostile', hostile)).predictions, 1);
  const labels = [{ id: 'nul \0 half \ud800', label: 1, source: '\ud800' }];
  assert.equal(
    (await api.call<ReceivedLabelsWire>('POST', '/api/v1/projects/flights/deployments/flight-delay/labels', { labels })).joined,
    1,
  );
  assert.deepEqual(readdirSync(join(at().directory, 'monitoring-work')), [], 'no file is left behind');
});

testOnEachDatabase('the same segment many times at once is taken once', monitoringSets, async (database) => {
  const { monitoring } = setUp(database, at());
  const content = flightsOf(0)
    .map((flight) => lineOf(flight))
    .join('\n');
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => monitoring.receiveSegment(production, { segment: 's', body: bytesOf(content) })),
  );
  assert.equal(answers.filter(({ repeated }) => !repeated).length, 1);
  assert.ok(answers.every(({ predictions }) => predictions === 600));
});

testOnEachDatabase('labels as JSON lines are all taken or none', monitoringSets, async (database) => {
  const { send, api, eventsOf } = setUp(database, at());
  const flights = flightsOf(0);
  await send(flights.map((flight) => lineOf(flight)));
  const path = '/api/v1/projects/flights/deployments/flight-delay/labels';
  const lines = flights.map(({ id, label }) => JSON.stringify({ id, label }));
  const refused = await api.request(`${path}.ndjson`, { method: 'POST', body: [...lines, '{"id": "x", "label": "late"}'].join('\n') });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /Line 601/);
  assert.equal((await eventsOf('labels.received')).length, 0);
  const taken = (await (await api.request(`${path}.ndjson`, { method: 'POST', body: lines.join('\n') })).json()) as ReceivedLabelsWire;
  assert.deepEqual(taken, { received: 600, joined: 600, unknown: 0, repeated: false });
  const json = await api.call<ReceivedLabelsWire>('POST', path, {
    labels: [
      { id: 'stranger', label: 1 },
      { id: flights[0]!.id, label: 0 },
    ],
  });
  assert.deepEqual(json, { received: 2, joined: 1, unknown: 1, repeated: false });
  await api.call('POST', path, { labels: [{ id: 'x', label: 'late' }] }, { status: 400 });
  await api.call('POST', path, { labels: [] }, { status: 400 });
});

testOnEachDatabase('a file whose bytes are gone is set aside and shown; the rest is watched on', monitoringSets, async (database) => {
  const { deploy, send, evaluate, windows, monitoring } = setUp(database, at());
  await deploy();
  await send(flightsOf(20).map((flight) => lineOf({ ...flight, id: `gone ${flight.id}` })));
  const digests = new Set<string>();
  for await (const { digest } of at().objects.list()) digests.add(digest);
  await send(flightsOf(20, { count: 100 }).map((flight) => lineOf({ ...flight, at: flight.at + 1, id: `lost ${flight.id}` })));
  for await (const { digest } of at().objects.list()) if (!digests.has(digest)) await at().objects.delete(digest);
  await evaluate();
  assert.equal((await windows())[0]?.predictions, 600);
  const [summary] = await monitoring.summaries('flights');
  assert.equal(summary?.received.damagedFiles, 1);
});
