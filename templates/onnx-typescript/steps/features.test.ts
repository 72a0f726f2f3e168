import assert from 'node:assert/strict';
import test from 'node:test';
import { buildEncoder } from './encoder.ts';
import { encode, featureNames } from './features.ts';
import { exportOnnx } from './graph.ts';
import { areaUnderCurve, calibrationError, calibrationTable, logLoss } from './metrics.ts';
import { createScorer } from './scoring.ts';
import { type GroupName, GROUPS, type LateCount, type Statistics } from './statistics.ts';

const statistics = history([
  { origin: 'ORD', destination: 'LAX', hour: 8, day_of_week: 1, flights: 4000, late: 400 },
  { origin: 'LAX', destination: 'ORD', hour: 18, day_of_week: 5, flights: 4000, late: 2000 },
]);
const encoder = buildEncoder(statistics);

test('a busy late group has higher log-odds than a punctual one', () => {
  const [early, late] = [row('ORD', 'LAX', 8, 1), row('LAX', 'ORD', 18, 5)];
  for (const name of ['origin_log_odds', 'hour_log_odds', 'route_log_odds', 'origin_hour_log_odds', 'hour_day_log_odds']) {
    assert.ok(feature(late, name) > feature(early, name), name);
  }
});

test('an unknown airport has the features of an average one', () => {
  const unknown = row('ZZZ', 'LAX', 8, 1);
  for (const name of ['origin_log_odds', 'origin_traffic', 'origin_latitude', 'origin_longitude'])
    assert.equal(feature(unknown, name), 0, name);
});

test('a group without flights keeps what its parts let expect', () => {
  const unseen = row('ORD', 'ORD', 8, 1);
  assert.ok(
    Math.abs(feature(unseen, 'route_log_odds') - feature(unseen, 'origin_log_odds') - feature(unseen, 'destination_log_odds')) < 1e-6,
  );
});

test('hours and days out of range take the nearest valid value and a missing distance counts as the mean', () => {
  assert.deepEqual(row('ORD', 'LAX', 99, -3), row('ORD', 'LAX', 23, 1));
  assert.equal(row('ORD', 'LAX', 8, 1, Number.NaN).at(-1), 0);
  assert.deepEqual(row('ORD', 'LAX', 8, 1, 1e9), row('ORD', 'LAX', 8, 1, statistics.distance.maximum));
});

test('hour and day are one-hot', () => {
  const names = featureNames(encoder);
  const hot = row('ORD', 'LAX', 8, 5).flatMap((value, at) => (/_is_/.test(names[at] ?? '') && value === 1 ? [names[at]] : []));
  assert.deepEqual(hot, ['hour_is_8', 'day_of_week_is_5']);
});

test('the ONNX graph computes the same features, odd inputs included', async () => {
  const flights = {
    origin: ['ORD', 'ZZZ', '', 'LAX', 'ørd'],
    destination: ['LAX', 'ORD', 'ZZZ', 'ORD', 'LAX'],
    distance: [1745, Number.NaN, -5, 1e9, 0],
    hour: [8, 99, -1, 18, 0],
    day_of_week: [1, 9, 0, 5, 7],
  };
  const names = featureNames(encoder);
  const matrix = encode(encoder, flights);
  // A network of one unit that passes one feature on shows that feature in the output.
  for (const [at, name] of names.entries()) {
    const kernel = new Float32Array(names.length);
    kernel[at] = 1;
    const scorer = await createScorer(exportOnnx(encoder, [{ inputs: names.length, units: 1, kernel, bias: new Float32Array(1) }], {}));
    const scores = await scorer.score(flights);
    await scorer.close();
    for (const [flight, score] of scores.entries()) {
      assert.ok(Math.abs(score - 1 / (1 + Math.exp(-(matrix[flight * names.length + at] ?? 0)))) < 1e-5, `${name} of flight ${flight}`);
    }
  }
});

test('figures agree with cases worked out by hand', () => {
  assert.equal(areaUnderCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75);
  assert.equal(areaUnderCurve([0, 1], [0.5, 0.5]), 0.5);
  assert.ok(Number.isNaN(areaUnderCurve([1, 1], [0.2, 0.3])));
  assert.ok(Math.abs(logLoss([1, 0], [0.5, 0.5]) - Math.log(2)) < 1e-12);
  assert.ok(Number.isFinite(logLoss([1], [0])));
  assert.ok(Math.abs(calibrationError(calibrationTable([0, 0, 0, 1], [0.2, 0.2, 0.2, 0.2])) - 0.05) < 1e-12);
});

function row(origin: string, destination: string, hour: number, day: number, distance = 1745): number[] {
  return [...encode(encoder, { origin: [origin], destination: [destination], distance: [distance], hour: [hour], day_of_week: [day] })];
}

function feature(values: readonly number[], name: string): number {
  return values[featureNames(encoder).indexOf(name)] ?? Number.NaN;
}

interface Group {
  readonly origin: string;
  readonly destination: string;
  readonly hour: number;
  readonly day_of_week: number;
  readonly flights: number;
  readonly late: number;
}

function history(groups: readonly Group[]): Statistics {
  const counted = (keys: readonly (keyof Group)[]): LateCount[] =>
    groups.map((group) => ({ key: keys.map((key) => group[key]), flights: group.flights, late: group.late }));
  return {
    rows: groups.reduce((sum, group) => sum + group.flights, 0),
    late: groups.reduce((sum, group) => sum + group.late, 0),
    distance: { mean: 700, deviation: 500, maximum: 5000 },
    airports: [
      { iata: 'LAX', latitude: 33.9, longitude: -118.4 },
      { iata: 'ORD', latitude: 42, longitude: -87.9 },
    ],
    groups: Object.fromEntries(Object.entries(GROUPS).map(([name, keys]) => [name, counted(keys)])) as Record<GroupName, LateCount[]>,
  };
}
