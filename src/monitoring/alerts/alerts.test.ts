import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { day, flightsOf, ground, lineOf, may, monitoringSets, setUp } from '../testing.ts';
import type { AlertWire, MonitorWire } from '../wire.ts';

const at = ground();

const rule = {
  name: 'more-delays',
  metric: 'observed_to_predicted',
  operator: 'above',
  threshold: 1.3,
  consecutive_windows: 2,
  resolve_after: 1,
  minimum_labels: 300,
  severity: 'critical',
};
const monitoring = { window: '1d', label_delay: '1d', drift: { method: 'psi' } };
const alertsPath = '/api/v1/projects/flights/alerts';

testOnEachDatabase(
  'an alert fires after bad days in a row, is acknowledged, resolves, and a restart goes on',
  monitoringSets,
  async (database) => {
    const { deploy, send, label, evaluate, api, eventsOf, server } = setUp(database, at(), { monitoring, alerts: [rule] });
    await deploy();
    for (const number of [0, 1, 2]) {
      const flights = flightsOf(number, { late: number === 0 ? 1 : 2.2 });
      await send(flights.map((flight) => lineOf(flight)));
      await label(flights);
      await evaluate();
    }
    assert.equal((await eventsOf('alert.fired')).length, 0, 'the last day is not over');
    const good = flightsOf(3);
    await send(good.map((flight) => lineOf(flight)));
    await evaluate();
    const [fired] = await eventsOf('alert.fired');
    assert.deepEqual(
      [fired?.data['rule'], fired?.data['severity'], fired?.data['deployment'], fired?.data['window']],
      ['more-delays', 'critical', 'flight-delay', { start: may + day, end: may + 3 * day }],
    );
    assert.ok(Number(fired?.data['value']) > 1.3);
    const { items } = await api.call<{ items: AlertWire[] }>('GET', `${alertsPath}?state=firing`);
    assert.match(items[0]?.explanation ?? '', /observed_to_predicted .* is above 1.3. Fires after 2 windows in a row/);
    await api.call('POST', `${alertsPath}/${items[0]?.id}/acknowledge`, { note: 'on it' });
    assert.equal((await eventsOf('alert.acknowledged')).length, 1);
    // Another process takes over; nothing fires a second time.
    const { monitoring: restarted } = server();
    await restarted.receiveLabels(
      { actor: { kind: 'person', id: 'ada', name: 'Ada' } },
      { project: 'flights', deployment: 'flight-delay' },
      good.map(({ id, label: value }) => ({ id, label: value })),
    );
    await send(flightsOf(4).map((flight) => lineOf(flight)));
    await restarted.evaluate({ project: 'flights', deployment: 'flight-delay' });
    assert.deepEqual([(await eventsOf('alert.fired')).length, (await eventsOf('alert.resolved')).length], [1, 1]);
    const [after] = (await api.call<{ items: AlertWire[] }>('GET', alertsPath)).items;
    assert.deepEqual([after?.state, after?.resolvedAt, after?.acknowledgement?.note], ['resolved', may + 4 * day, 'on it']);
    await api.call('POST', `${alertsPath}/${after?.id}/acknowledge`, {}, { status: 409 });
    await api.call('POST', `${alertsPath}/none/acknowledge`, {}, { status: 404 });
  },
);

testOnEachDatabase('a correction of labels takes an alert back, and a drift is told once', monitoringSets, async (database) => {
  const drift = { name: 'shifted', metric: 'drift.psi.*', operator: 'above', threshold: 0.2, severity: 'warning' };
  const { deploy, send, label, evaluate, api, eventsOf } = setUp(database, at(), { monitoring, alerts: [rule, drift] });
  await deploy();
  const days = [0, 1, 2].map((number) => flightsOf(number, { late: 2.2, shift: 500 }));
  for (const flights of days) {
    await send(flights.map((flight) => lineOf(flight)));
    await label(flights);
  }
  await evaluate();
  const rules = async (type: string): Promise<unknown> => new Set((await eventsOf(type)).map(({ data }) => data['rule']));
  assert.deepEqual(await rules('alert.fired'), new Set(['more-delays', 'shifted']));
  const drifted = (await eventsOf('drift.detected')).map(({ data }) => [data['feature'], data['method']]);
  assert.deepEqual(drifted, [
    ['distance', 'psi'],
    ['distance', 'psi'],
  ]);
  // The labels of the second day were wrong: no row of two bad days ever was.
  await label(days[1]!.map((flight) => ({ ...flight, label: 0 })));
  await evaluate();
  const [resolved] = await eventsOf('alert.resolved');
  assert.deepEqual([resolved?.data['rule'], resolved?.data['withdrawn']], ['more-delays', true]);
  const { items } = await api.call<{ items: AlertWire[] }>('GET', `${alertsPath}?state=withdrawn`);
  assert.equal(items.length, 1);
  await label(days[1]!);
  await evaluate();
  assert.equal((await eventsOf('alert.fired')).length, 3, 'and when they come back, it fires anew');
  assert.equal((await eventsOf('drift.detected')).length, 2);
});

testOnEachDatabase('a silence holds the news back until it ends; changed rules do not judge the past', monitoringSets, async (database) => {
  const { deploy, send, label, evaluate, api, eventsOf, clock, declaration } = setUp(database, at(), { monitoring, alerts: [rule] });
  await deploy();
  const path = '/api/v1/projects/flights/alert-rules';
  await api.call('POST', `${path}/more-delay/silence`, { until: clock.now() + 60_000, reason: 'x' }, { status: 404 });
  await api.call('POST', `${path}/more-delays/silence`, { until: clock.now() - 1, reason: 'x' }, { status: 400 });
  await api.call('POST', `${path}/more-delays/silence`, { until: clock.now() + 60_000, reason: 'load test' });
  for (const number of [0, 1, 2]) {
    const flights = flightsOf(number, { late: 2.2 });
    await send(flights.map((flight) => lineOf(flight)));
    await label(flights);
  }
  await evaluate();
  assert.equal((await eventsOf('alert.fired')).length, 0);
  assert.equal((await api.call<{ items: AlertWire[] }>('GET', alertsPath)).items[0]?.toldAt, undefined);
  const [summary] = (await api.call<{ items: MonitorWire[] }>('GET', '/api/v1/projects/flights/monitoring')).items;
  assert.deepEqual([summary?.firing.length, summary?.silences[0]?.reason, summary?.received.predictions], [1, 'load test', 1800]);
  clock.advance(61_000);
  await evaluate();
  assert.equal((await eventsOf('alert.fired')).length, 1);
  declaration.current = { monitoring, alerts: [{ ...rule, threshold: 1.2 }] };
  await api.call('POST', '/api/v1/projects/flights/monitoring/flight-delay/reload');
  await evaluate();
  await evaluate();
  assert.equal((await eventsOf('alert.fired')).length, 1, 'the past was not judged anew');
  assert.equal((await eventsOf('alert.resolved')).length, 1, 'the old rule is closed');
});

testOnEachDatabase('a webhook is told with a signature, and again when it fails', monitoringSets, async (database) => {
  const requests: { readonly body: string; readonly signature: string }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ body: Buffer.concat(chunks).toString(), signature: String(request.headers['x-ripen-signature']) });
      response.statusCode = requests.length === 1 ? 500 : 200;
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  process.env['RIPEN_TEST_WEBHOOK_SECRET'] = 'secret';
  const { port } = receiver.address() as AddressInfo;
  const notify = [{ channel: 'webhook', url: `http://127.0.0.1:${port}/alerts`, secret_env: 'RIPEN_TEST_WEBHOOK_SECRET' }];
  const errors = { name: 'errors', metric: 'error_rate', operator: 'above', threshold: 0.5 };
  const { deploy, send, evaluate, jobs, clock } = setUp(database, at(), { monitoring: { ...monitoring, notify }, alerts: [errors] });
  try {
    await deploy();
    await send(flightsOf(0).map((flight) => lineOf(flight, { status: 503, outputs: null })));
    await send(flightsOf(2).map((flight) => lineOf(flight)));
    await evaluate();
    await jobs.start();
    while (requests.length < 2) {
      clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const [time, given] = requests[1]!.signature.split(',').map((part) => part.split('=')[1]);
    assert.equal(given, createHmac('sha256', 'secret').update(`${time}.${requests[1]!.body}`).digest('hex'));
    const message = JSON.parse(requests[1]!.body) as { version: string; status: string; alerts: { labels: Record<string, string> }[] };
    assert.deepEqual([message.version, message.status, message.alerts[0]?.labels['alertname']], ['4', 'firing', 'errors']);
  } finally {
    await jobs.stop();
    delete process.env['RIPEN_TEST_WEBHOOK_SECRET'];
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  }
});
