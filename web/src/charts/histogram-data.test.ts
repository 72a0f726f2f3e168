import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Distribution, prepareHistogram } from './histogram-data.ts';

const bins = (...counts: readonly number[]): Distribution => ({
  kind: 'numeric',
  bins: counts.map((count, index) => ({ lower: index, upper: index + 1, count })),
});

test('current and reference are compared as shares, whatever their sizes', () => {
  const prepared = prepareHistogram(bins(1, 3), bins(500, 500));
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(
    prepared.drawing.bars.map((bar) => [bar.current, bar.reference]),
    [
      [0.25, 0.5],
      [0.75, 0.5],
    ],
  );
  assert.equal(prepared.drawing.highest, 0.75);
});

test('different bins, different types and empty counts guide instead of drawing', () => {
  const titles = [
    prepareHistogram(bins(1, 2), bins(1, 2, 3)),
    prepareHistogram(bins(1), { kind: 'categorical', categories: [] }),
    prepareHistogram(bins(0, 0)),
    prepareHistogram(undefined),
  ].map((prepared) => (prepared.kind === 'nothing' ? prepared.title : 'drawn'));
  assert.deepEqual(titles, ['The bins differ', 'The column changed its type', 'No row has a value', 'No distribution yet']);
});

test('new categories stand beside those of the reference and the long tail is merged', () => {
  const reference: Distribution = {
    kind: 'categorical',
    categories: Array.from({ length: 30 }, (_, index) => ({ category: `c${index}`, count: 100 - index })),
  };
  const current: Distribution = { kind: 'categorical', categories: [{ category: 'new', count: 10 }], missing: 2 };
  const prepared = prepareHistogram(current, reference);
  assert.ok(prepared.kind === 'drawing');
  assert.equal(prepared.drawing.bars.length, 25);
  const other = prepared.drawing.bars.at(-1);
  assert.equal(other?.label, 'other');
  assert.equal(other?.current, 1);
  assert.equal(prepared.notes.length, 2);
});
