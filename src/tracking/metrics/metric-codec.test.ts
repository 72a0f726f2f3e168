import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePoints, encodePoints, packPoint, packPoints } from './metric-codec.ts';
import { comparePoints, mergePoints, type PointColumns } from './metric-points.ts';

const place = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 50, -(2 ** 50), 1_700_000_000_000),
);
const point = fc.record({ step: place, time: place, value: fc.double() });

function columns(points: readonly { step: number; time: number; value: number }[]): PointColumns {
  return {
    steps: Float64Array.from(points, ({ step }) => step),
    times: Float64Array.from(points, ({ time }) => time),
    values: Float64Array.from(points, ({ value }) => value),
  };
}

test('points come back bit by bit, packed or compressed', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 200 }), (points) => {
      const before = columns(points);
      assert.deepEqual(decodePoints(packPoints(before)), before);
      assert.deepEqual(decodePoints(encodePoints(before)), before);
    }),
  );
});

test('one point has the same bytes with and without columns', () => {
  fc.assert(fc.property(point, (one) => assert.deepEqual(packPoint(one), packPoints(columns([one])))));
});

test('a curve of even steps takes about as much as its values', () => {
  const points = Array.from({ length: 1024 }, (_, step) => ({
    step,
    time: 1_700_000_000_000 + step * 250 + Math.round(20 * Math.sin(step * step)),
    value: 2 * Math.exp(-step / 300) + 0.05 * Math.sin(step * 12.9898),
  }));
  const size = encodePoints(columns(points)).length / points.length;
  assert.ok(size < 9.5, `${size.toFixed(2)} bytes a point`);
});

test('merging keeps each point once and in order, whatever the parts', () => {
  const few = fc.record({
    step: fc.integer({ min: -2, max: 2 }),
    time: fc.integer({ min: 0, max: 1 }),
    value: fc.constantFrom(0, 1, Number.NaN, Infinity, -Infinity),
  });
  fc.assert(
    fc.property(fc.array(fc.array(few, { maxLength: 8 }), { maxLength: 4 }), (parts) => {
      const merged = mergePoints(parts.map(columns));
      const found = Array.from(merged.steps, (step, index) => ({ step, time: merged.times[index] ?? 0, value: merged.values[index] ?? 0 }));
      const nameOf = (each: (typeof found)[number]) => `${each.step} ${each.time} ${each.value}`;
      assert.deepEqual(new Set(found.map(nameOf)), new Set(parts.flat().map(nameOf)));
      found.slice(1).forEach((each, index) => assert.ok(comparePoints(found[index] ?? each, each) < 0));
    }),
  );
});
