import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bothFilters, groupFilter, groupSegments, placeOf, rowModel, type Segment, sortGroups, wantedPages } from './row-model.ts';

const runs = (key: string, count: number): Segment => ({ kind: 'runs', key, filter: undefined, count, depth: 0 });
const group = (value: string | undefined, count: number) => ({
  ...(value === undefined ? {} : { value }),
  runs: count,
  firstStartedAt: 0,
  lastStartedAt: 0,
  states: {},
  metrics: {},
});

test('every row has its place, whatever the segments', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (counts) => {
      const model = rowModel(counts.map((count, index) => runs(String(index), count)));
      const expected = counts.flatMap((count, index) => Array.from({ length: count }, (_, offset) => `${index}:${offset}`));
      const found = Array.from({ length: model.count }, (_, index) => placeOf(model, index)).map(
        (place) => `${place?.segment.key}:${place?.offset}`,
      );
      assert.deepEqual(found, expected);
      assert.equal(placeOf(model, model.count), undefined);
      assert.equal(placeOf(model, -1), undefined);
    }),
  );
});

test('only the pages in sight are wanted', () => {
  const model = rowModel([runs('', 100_000)]);
  assert.deepEqual(
    wantedPages(model, 99_950, 99_999).map(({ page }) => page),
    [999],
  );
  assert.deepEqual(
    wantedPages(model, 190, 205).map(({ page }) => page),
    [1, 2],
  );
  assert.deepEqual(wantedPages(rowModel([runs('', 0)]), 0, 30), []);
});

test('open groups are followed by their runs, narrowed by the value of the group', () => {
  const segments = groupSegments('params.depth', [group("it's", 3), group(undefined, 250)], {
    open: new Set(["=it's", 'missing']),
    filter: "metrics.auc > 0 or state = 'failed'",
  });
  const model = rowModel(segments);
  assert.equal(model.count, 255);
  assert.deepEqual(
    segments.flatMap((segment) => (segment.kind === 'runs' ? [segment.filter] : [])),
    ["(metrics.auc > 0 or state = 'failed') and params.depth = 'it''s'", "(metrics.auc > 0 or state = 'failed') and params.depth is null"],
  );
  assert.deepEqual(
    wantedPages(model, 0, 6).map(({ key, page }) => `${key} ${page}`),
    ["=it's 0", 'missing 0'],
  );
  assert.equal(bothFilters(' ', 'a = 1'), 'a = 1');
  assert.equal(groupFilter('experiment', 'x'), "experiment = 'x'");
});

test('groups follow the order of the table where they can; what lacks the measure comes last both ways', () => {
  const measured = (value: string, mean: number | 'Infinity' | undefined) => ({
    ...group(value, 1),
    metrics: mean === undefined ? {} : { auc: { count: 1, min: mean, mean, max: mean } },
  });
  const all = [measured('10', 0.5), measured('2', undefined), measured('x', 'Infinity')];
  const sorted = (column: string, descending: boolean, metric?: string) =>
    sortGroups(all, { by: 'params.depth', term: { column, descending }, metric, measure: 'mean' })
      .map(({ value }) => value)
      .join(' ');
  assert.equal(sorted('metrics.auc', true, 'auc'), 'x 10 2');
  assert.equal(sorted('metrics.auc', false, 'auc'), '10 x 2');
  assert.equal(sorted('params.depth', false), '2 10 x');
  assert.equal(sorted('duration', false), '10 2 x', 'as they came');
  assert.equal(sortGroups(all, { by: 'x', term: undefined, metric: undefined, measure: 'mean' }), all);
});
