import assert from 'node:assert/strict';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { auc, brierScore, calibrationError, numericHistogram, referenceEdges } from '#kernel/statistics/index.ts';
import { psi } from '../drift/psi.ts';
import { day, flightsOf, ground, lineOf, may, monitoringSets, setUp } from '../testing.ts';
import type { WindowDetailWire } from '../wire.ts';

const at = ground();

function near(actual: number | undefined, expected: number | undefined): void {
  assert.ok(actual !== undefined && expected !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

testOnEachDatabase('a window has the numbers that the raw rows give', monitoringSets, async (database) => {
  const { deploy, send, label, evaluate, api, windows } = setUp(database, at());
  await deploy();
  const flights = flightsOf(0, { shift: 150 });
  const odd = [
    lineOf({ ...flights[0]!, id: 'x1', origin: 'XXX', distance: 99_999 }),
    lineOf({ ...flights[0]!, id: 'x2', origin: null, score: null }),
    lineOf({ ...flights[0]!, id: 'x3' }, { status: 500, outputs: null }),
  ];
  await send([...flights.map((flight) => lineOf(flight)), ...odd]);
  await send(flightsOf(1).map((flight) => lineOf(flight)));
  assert.deepEqual(await label(flights), { received: 600, joined: 600, repeated: false });
  await evaluate();
  const [window] = await windows();
  assert.ok(window !== undefined);
  const { metrics } = window;
  assert.deepEqual([window.start, window.end, window.state], [may, may + day, 'complete']);
  assert.deepEqual([window.predictions, window.labelled, window.version], [603, 600, '1']);
  const rows = { labels: flights.map((flight) => flight.label), scores: flights.map((flight) => flight.score ?? 0) };
  near(metrics['auc'], auc(rows));
  near(metrics['brier'], brierScore(rows));
  near(metrics['calibration_error'], calibrationError(rows));
  near(metrics['error_rate'], 1 / 603);
  near(metrics['invalid_scores'], 1 / 602);
  near(metrics['missing.origin'], 1 / 602);
  near(metrics['unseen.origin'], 1 / 601);
  const latencies = [...flights, flights[0]!, flights[0]!, flights[0]!].map(({ hour }) => 1 + (hour % 10) / 10).toSorted((a, b) => a - b);
  near(metrics['latency_p50_ms'], latencies[301]);
  near(window.reference['auc'], 0.7);
  const reference = Array.from({ length: 5 }, (_, index) => flightsOf(-index - 1))
    .flat()
    .map(({ distance }) => distance);
  const edges = referenceEdges(reference) ?? [];
  const distances = [...flights.map(({ distance }) => distance), 99_999, flights[0]!.distance];
  const expected = psi.compare(numericHistogram(reference, edges), numericHistogram(distances, edges));
  assert.ok(expected.state === 'measured');
  near(metrics['drift.psi.distance'], expected.value);
  const detail = await api.call<WindowDetailWire>('GET', `/api/v1/projects/flights/monitoring/flight-delay/windows/${may}`);
  const distance = detail.columns.find(({ name }) => name === 'distance');
  assert.deepEqual(distance?.current, JSON.parse(JSON.stringify(numericHistogram(distances, edges))));
  assert.equal(distance?.reference?.kind, 'numeric');
  assert.deepEqual(detail.columns.find(({ name }) => name === 'origin')?.unseen, ['XXX']);
  assert.ok(detail.calibration.length > 2);
  assert.ok(Number(metrics['estimated_auc']) > 0.6);
});

testOnEachDatabase('what comes twice, out of order or late counts once and in its window', monitoringSets, async (database) => {
  const { deploy, send, label, evaluate, windows, eventsOf } = setUp(database, at());
  const [first, second, third] = [flightsOf(0), flightsOf(1), flightsOf(2)];
  // Before anything watches, the second day before the first, and each line of it twice.
  await send([...second, ...second].map((flight) => lineOf(flight)));
  await deploy();
  assert.equal(
    (
      await send(
        third.map((flight) => lineOf(flight)),
        'again',
      )
    ).repeated,
    false,
  );
  assert.equal(
    (
      await send(
        third.map((flight) => lineOf(flight)),
        'again',
      )
    ).repeated,
    true,
  );
  await evaluate();
  await send(first.slice(0, 300).map((flight) => lineOf(flight)));
  await label(second.slice(0, 100));
  await evaluate();
  assert.deepEqual(
    (await windows()).map(({ predictions }) => predictions),
    [300, 600, 600],
  );
  assert.equal((await windows())[1]?.labelled, 100);
  const told = async (): Promise<readonly unknown[]> =>
    (await eventsOf('monitor.window.evaluated')).map(({ data }) => [data['predictions'], data['labelled']]);
  assert.deepEqual(
    await told(),
    [
      [600, 0],
      [300, 0],
      [600, 100],
    ],
    'what labels changed is told again',
  );
  await send(first.slice(300).map((flight) => lineOf(flight)));
  await evaluate();
  assert.equal((await windows())[0]?.predictions, 600);
  assert.deepEqual((await told()).slice(3), [[600, 0]], 'and so are late predictions');
  await evaluate();
  assert.equal((await told()).length, 4, 'and nothing else is');
});

testOnEachDatabase('labels: corrections hold, a repeated request changes nothing, early ones wait', monitoringSets, async (database) => {
  const { deploy, send, label, evaluate, windows, monitoring, eventsOf } = setUp(database, at());
  await deploy();
  const flights = flightsOf(0);
  assert.equal((await label(flights)).joined, 0, 'labels may come before their predictions');
  await send(flights.map((flight) => lineOf(flight)));
  await send(flightsOf(2).map((flight) => lineOf(flight)));
  await evaluate();
  const before = (await windows())[0]?.metrics['observed_rate'];
  assert.equal((await windows())[0]?.labelled, 600);
  await label(flights, true);
  await evaluate();
  near((await windows())[0]?.metrics['observed_rate'], 1 - Number(before));
  const count = (await eventsOf('labels.received')).length;
  assert.equal((await label(flights, true)).repeated, true);
  assert.equal((await eventsOf('labels.received')).length, count);
  assert.equal((await label(flights)).repeated, false, 'back to the first labels is a correction too');
  await evaluate();
  near((await windows())[0]?.metrics['observed_rate'], before);
  const [found] = await monitoring.lookUp({ project: 'flights', deployment: 'flight-delay' }, [flights[5]!.id]);
  assert.equal(found?.labels.length, 3);
  assert.equal(found?.labels[0]?.value, flights[5]!.label);
  assert.equal(found?.inputs['origin'], flights[5]!.origin);
});

testOnEachDatabase('days without traffic are windows too; a time from far ahead is not believed', monitoringSets, async (database) => {
  const { deploy, send, evaluate, windows } = setUp(database, at());
  await deploy();
  await send(flightsOf(0).map((flight) => lineOf(flight)));
  await send(flightsOf(4).map((flight) => lineOf(flight)));
  const ahead = await send([lineOf({ ...flightsOf(4)[0]!, id: 'ahead', at: Date.UTC(2099, 0, 1) })]);
  assert.equal(ahead.misdated, 1);
  await evaluate();
  await evaluate();
  const found = await windows();
  assert.deepEqual(
    found.slice(0, 5).map(({ predictions }) => predictions),
    [600, 0, 0, 0, 600],
  );
  assert.deepEqual(
    found.slice(0, 5).map(({ state }) => state),
    ['complete', 'complete', 'complete', 'complete', 'open'],
  );
  assert.ok(found.length < 10, 'a jump of decades is no row of empty windows');
});

testOnEachDatabase('a request about today does not end the windows of a replay', monitoringSets, async (database) => {
  const { deploy, send, evaluate, windows } = setUp(database, at());
  await deploy();
  const flights = flightsOf(0);
  await send([lineOf({ ...flights[0]!, id: 'try it', at: Date.UTC(2026, 0, 1) })]);
  await send(flights.slice(0, 300).map((flight) => lineOf(flight)));
  await evaluate();
  assert.equal((await windows())[0]?.state, 'open');
  await send(flights.slice(300).map((flight) => lineOf(flight)));
  await send(flightsOf(1).map((flight) => lineOf(flight)));
  await evaluate();
  assert.deepEqual(
    (await windows()).slice(0, 2).map(({ state, predictions }) => [state, predictions]),
    [
      ['complete', 600],
      ['open', 600],
    ],
  );
});
