import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { createLines } from './step-log.ts';

test('pieces may end anywhere; an unfinished line is shown', () => {
  const lines = createLines();
  lines.add('one\ntw');
  deepEqual(
    lines.state().lines.map((line) => line.text),
    ['one', 'tw'],
  );
  lines.add('o\n');
  deepEqual(
    lines.state().lines.map((line) => line.text),
    ['one', 'two'],
  );
});

test('of a flood the end is kept, and how much is missing', () => {
  const lines = createLines();
  lines.add('x\n'.repeat(130_000));
  equal(lines.state().lines.length, 100_000);
  equal(lines.state().dropped, 30_000);
  lines.clear();
  deepEqual(lines.state(), { lines: [], dropped: 0 });
});
