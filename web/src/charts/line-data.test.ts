import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineOptions, prepareLines } from './line-data.ts';

const options: LineOptions = { xName: 'step', yName: 'loss', xKind: 'number' };

test('series are aligned; a missing point is not a gap, a null value is', () => {
  const prepared = prepareLines(
    [
      {
        name: 'a',
        points: [
          { x: 1, y: 5 },
          { x: 3, y: null },
          { x: 2, y: 4 },
        ],
      },
      { name: 'b', role: 'reference', points: [{ x: 2, y: 7 }] },
    ],
    options,
  );
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(prepared.drawing.x, [1, 2, 3]);
  assert.deepEqual(
    prepared.drawing.series.map((series) => [series.name, series.colour, [...series.y]]),
    [
      ['b', -1, [undefined, 7, undefined]],
      ['a', 0, [5, 4, null]],
    ],
  );
  assert.deepEqual(prepared.notes, ['1 gap: the value was NaN or infinite']);
  assert.deepEqual(prepared.table.rows, [
    [1, 5, null],
    [2, 4, 7],
    [3, null, null],
  ]);
});

test('a log axis leaves out what it cannot show and says so', () => {
  const points = [
    { x: 1, y: 0 },
    { x: 2, y: 10 },
  ];
  const prepared = prepareLines([{ name: 'a', points }], { ...options, scale: 'log' });
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(prepared.notes, ['1 value of zero or less cannot stand on a log axis']);
  const none = prepareLines([{ name: 'a', points: [{ x: 1, y: -1 }] }], { ...options, scale: 'log' });
  assert.ok(none.kind === 'nothing' && none.hint.includes('linear'));
});

test('nothing to draw explains itself', () => {
  for (const series of [[], [{ name: 'a', points: [] }], [{ name: 'a', points: [{ x: 1, y: Number.NaN }] }]]) {
    const prepared = prepareLines(series, options);
    assert.ok(prepared.kind === 'nothing' && prepared.hint.length > 0);
  }
});

test('a hundred thousand points are prepared within a second', () => {
  const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: Math.sin(x) }));
  const started = performance.now();
  const prepared = prepareLines([{ name: 'a', points }], options);
  assert.ok(performance.now() - started < 1_000);
  assert.ok(prepared.kind === 'drawing' && prepared.table.rows.length === 2_000);
});
