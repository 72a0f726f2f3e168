import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { curveLines, plainSettings } from './curve-lines.ts';
import { smooth } from './smooth.ts';

test('smoothing begins at the first value, keeps a flat line, and stays within the values', () => {
  assert.deepEqual(
    smooth(
      [
        { x: 0, y: 5 },
        { x: 1, y: 5 },
      ],
      0.9,
    ).map(({ y }) => Math.round((y ?? 0) * 1e9) / 1e9),
    [5, 5],
  );
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (values, weight) => {
        const smoothed = smooth(
          values.map((y, x) => ({ x, y })),
          weight,
        );
        const [low, high] = [Math.min(...values), Math.max(...values)];
        const room = 1e-6 * Math.max(1, Math.abs(low), Math.abs(high));
        assert.ok(smoothed.every(({ y }) => y !== null && y >= low - room && y <= high + room));
      },
    ),
  );
});

test('a gap stays a gap and the line goes on behind it as if it were not there', () => {
  const [a, gap, b] = smooth(
    [
      { x: 0, y: 1 },
      { x: 1, y: null },
      { x: 2, y: 3 },
    ],
    0.5,
  );
  assert.equal(gap?.y, null);
  assert.equal(a?.y, 1);
  assert.ok(Math.abs((b?.y ?? 0) - (0.25 * 1 + 0.5 * 3) / 0.75) < 1e-9);
});

test('a curve becomes a line over steps or over the time since its run began, smoothed over what was logged', () => {
  const curve = {
    run: 'r',
    metric: 'loss',
    points: 2,
    sampled: false,
    from: [1000, 3000],
    to: [1000, 3000],
    count: [1, 1],
    missing: [0, 0],
    min: [1, 3],
    max: [1, 3],
    mean: [1, 'NaN' as const],
  };
  const name = () => ({ name: 'run one', colour: 4, startedAt: 1000 });
  assert.deepEqual(
    curveLines([curve], name, { ...plainSettings, x: 'relative' })[0]?.points.map(({ x }) => x),
    [0, 2000],
  );
  const lines = curveLines([curve], name, { ...plainSettings, smoothing: 0.5 });
  assert.deepEqual(
    lines.map(({ name: title, colour, faint }) => [title, colour, faint]),
    [
      ['run one', 4, true],
      ['run one', 4, undefined],
    ],
  );
  assert.deepEqual(
    curveLines([curve], () => undefined, plainSettings),
    [],
  );
});
