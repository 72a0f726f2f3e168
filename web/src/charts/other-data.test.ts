import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareCalibration } from './calibration-data.ts';
import { layoutGraph, neighbour, prepareGraph } from './graph-data.ts';
import { sparkPath } from './spark-path.ts';
import { prepareTimeline } from './timeline-data.ts';
import { prepareWeights } from './weight-data.ts';

test('calibration weighs each range by its count and names empty ranges', () => {
  const prepared = prepareCalibration([
    { lower: 0, upper: 0.5, count: 3, predicted: 0.2, observed: 0.3 },
    { lower: 0.5, upper: 1, count: 1, predicted: 0.8, observed: 0.6 },
    { lower: 1, upper: 1.5, count: 0, predicted: null, observed: null },
  ]);
  assert.ok(prepared.kind === 'drawing');
  assert.ok(Math.abs(prepared.drawing.error - 0.125) < 1e-12);
  assert.deepEqual(prepared.notes, ['1 range without predictions has no point']);
  assert.equal(prepareCalibration([]).kind, 'nothing');
});

test('a timeline measures what runs until now and never draws a negative length', () => {
  const base = { state: 'ok', word: 'succeeded' } as const;
  const prepared = prepareTimeline(
    [
      { ...base, id: 'a', label: 'a', start: 1_000, end: 3_000 },
      { ...base, id: 'b', label: 'b', start: 3_000, end: null },
      { ...base, id: 'c', label: 'c', start: null, end: null },
      { ...base, id: 'd', label: 'd', start: 2_000, end: 1_500 },
    ],
    5_000,
  );
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(
    prepared.drawing.bars.map((bar) => bar.place),
    [{ from: 0, length: 0.5 }, { from: 0.5, length: 0.5 }, undefined, { from: 0.25, length: 0 }],
  );
  assert.deepEqual(prepared.drawing.ticksMs, [0, 1_000, 2_000, 3_000, 4_000]);
});

test('a graph is laid out along its edges, and arrow keys follow them', () => {
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, label: id, width: 100, height: 40 }));
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
    { from: 'a', to: 'nowhere' },
  ];
  const layout = layoutGraph(nodes, edges, 'across');
  const [a, b, c] = layout.nodes;
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  assert.ok(a.x < b.x && b.x === c.x && b.y !== c.y);
  assert.equal(layout.edges.length, 2);
  const upper = b.y < c.y ? b : c;
  const lower = b.y < c.y ? c : b;
  assert.equal(neighbour(layout.nodes, a.id, 'ArrowRight') === undefined, false);
  assert.equal(neighbour(layout.nodes, upper.id, 'ArrowDown'), lower.id);
  assert.equal(neighbour(layout.nodes, b.id, 'ArrowLeft'), 'a');
  assert.equal(neighbour(layout.nodes, a.id, 'ArrowLeft'), undefined);
});

test('a graph is also a table, and says when edges lead nowhere', () => {
  const nodes = ['a', 'b'].map((id) => ({ id, label: id.toUpperCase(), width: 80, height: 32, word: 'succeeded' }));
  const prepared = prepareGraph(
    nodes,
    [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'gone' },
    ],
    'across',
  );
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(prepared.table.rows, [
    ['A', 'succeeded', null, 'B'],
    ['B', 'succeeded', null, null],
  ]);
  assert.deepEqual(prepared.notes, ['1 of 2 edges lead to something that is not shown']);
  assert.equal(prepareGraph([], [], 'down').kind, 'nothing');
});

test('a cycle does not stop the layout', () => {
  const nodes = ['a', 'b'].map((id) => ({ id, label: id, width: 80, height: 32 }));
  const layout = layoutGraph(
    nodes,
    [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ],
    'down',
  );
  assert.equal(layout.edges.length, 2);
});

test('a sparkline breaks at null and draws a lone point as a dot', () => {
  assert.deepEqual(sparkPath([0, 1, null, 1], { width: 30, height: 10 }), {
    line: 'M0,10L10,0',
    dots: [{ x: 30, y: 0 }],
    last: { x: 30, y: 0 },
  });
  assert.equal(sparkPath([null], { width: 30, height: 10 }), undefined);
});

test('weights are shares of their sum', () => {
  const prepared = prepareWeights([
    { label: 'a', weight: 95 },
    { label: 'b', weight: 5 },
    { label: 'c', weight: 0 },
  ]);
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(
    prepared.drawing.map((part) => part.share),
    [0.95, 0.05, 0],
  );
  assert.equal(prepareWeights([{ label: 'a', weight: 0 }]).kind, 'nothing');
});
