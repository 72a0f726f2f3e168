import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeTicks } from './time-ticks.ts';

test('marks of a time axis are as coarse as their distance', () => {
  const at = (day: number, hour = 0, second = 0) => new Date(2026, 10, day, hour, 0, second).getTime();
  assert.deepEqual(timeTicks([at(1), at(8)], 7 * 86_400_000), ['1 Nov', '8 Nov']);
  assert.deepEqual(timeTicks([at(1, 18), at(2)], 6 * 3_600_000), ['18:00', '2 Nov']);
  assert.deepEqual(timeTicks([at(1, 18, 30)], 1_000), ['18:00:30']);
  assert.deepEqual(timeTicks([at(1)], 31 * 86_400_000), ['Nov 2026']);
});
