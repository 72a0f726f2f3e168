import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatCount, formatDuration, formatExact, formatNumber, formatRelative, formatShare, shortDigest } from './format.ts';

test('numbers keep their significant digits and odd values say what they are', () => {
  assert.equal(formatCount(2_998_411), '2,998,411');
  assert.equal(formatNumber(0.713456), '0.7135');
  assert.equal(formatNumber(12_345.678), '12,346');
  assert.equal(formatNumber(0.000012), '1.200e-5');
  assert.equal(formatNumber(Number.NaN), 'NaN');
  assert.equal(formatNumber(Number.POSITIVE_INFINITY), '∞');
  assert.equal(formatShare(0.9512), '95.1 %');
});

test('durations show two units and carry over at the border of a unit', () => {
  const shown = [0, 4.25, 840, 3_240, 59_960, 245_000, 3_599_700, 7_800_000, 273_600_000].map(formatDuration);
  assert.deepEqual(shown, ['0 ms', '4.3 ms', '840 ms', '3.2 s', '1 min 00 s', '4 min 05 s', '1 h 00 min', '2 h 10 min', '3 d 4 h']);
});

test('sizes use decimal units', () => {
  assert.deepEqual([0, 999, 1_000, 14_230_000, 5.2e12].map(formatBytes), ['0 B', '999 B', '1.0 kB', '14.2 MB', '5.2 TB']);
});

test('times are relative for a month and dates after it', () => {
  const now = Date.UTC(2026, 10, 14, 12);
  assert.equal(formatRelative(now - 2_000, now), 'just now');
  assert.equal(formatRelative(now - 5 * 60_000, now), '5 min. ago');
  assert.equal(formatRelative(now + 3 * 3_600_000, now), 'in 3 hr.');
  assert.equal(formatRelative(Date.UTC(2026, 5, 1, 12), now), '1 Jun 2026');
  assert.equal(formatExact(now, 'Europe/Berlin'), '14 Nov 2026, 13:00:00.000 GMT+1');
});

test('a digest is shortened without its algorithm', () => {
  assert.equal(shortDigest('sha256:9f86d081884c7d659a2feaa0'), '9f86d081884c');
});
