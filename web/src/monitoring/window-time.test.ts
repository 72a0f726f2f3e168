import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { lengthName, trafficTime, windowName } from './window-time.ts';

test('a length is said in its largest whole unit', () => {
  equal(lengthName(86_400_000), '1 day');
  equal(lengthName(21_600_000), '6 hours');
  equal(lengthName(90_000), '90 seconds');
});

test('a day is its date, shorter windows have a clock, in UTC wherever the reader is', () => {
  const start = Date.UTC(2001, 5, 14);
  equal(windowName(start, start + 86_400_000), '14 Jun 2001');
  equal(windowName(start + 3_600_000, start + 7_200_000), '14 Jun 2001, 01:00 to 02:00');
  equal(windowName(start, start + 7 * 86_400_000), '14 Jun 2001 to 21 Jun 2001');
  equal(trafficTime(start), '14 Jun 2001');
  equal(trafficTime(start + 60_000), '14 Jun 2001, 00:01 UTC');
});
