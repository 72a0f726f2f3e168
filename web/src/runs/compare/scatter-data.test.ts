import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brushAfterKey, firstAxes, parallelAxes, withinBrushes } from './parallel-data.ts';
import { numericAxes, prepareScatter } from './scatter-data.ts';

const axes = parallelAxes({
  parameters: [
    { name: 'depth', values: ['2', '4', null], differs: true },
    { name: 'model', values: ['tree', 'net', 'tree'], differs: true },
  ],
  metrics: [{ name: 'auc', values: [0.5, 'NaN', 0.9], differs: true }],
});
const names = ['a', 'b', 'c'];
const axis = (name: string) => axes.find((one) => one.name === name);

test('runs with both numbers are dots, the others are counted; a third number shades them', () => {
  const prepared = prepareScatter({ x: axis('depth'), y: axis('auc'), colour: axis('model') }, names);
  assert.ok(prepared.kind === 'drawing');
  assert.deepEqual(prepared.drawing.dots, [{ run: 0, x: 2, y: 0.5, shade: 1 }]);
  assert.deepEqual(prepared.notes, ['2 runs without one of the numbers']);
  assert.deepEqual(prepared.table.rows, [['a', 2, 0.5, 'tree']]);
  assert.equal(prepareScatter({ x: undefined, y: axis('auc'), colour: undefined }, names).kind, 'nothing');
  assert.deepEqual(
    numericAxes(axes).map(({ name }) => name),
    ['depth', 'auc'],
  );
});

test('a run passes when it goes through every brush', () => {
  assert.deepEqual(withinBrushes(axes, {}, 3), [true, true, true]);
  assert.deepEqual(withinBrushes(axes, { 'parameter depth': { from: 0, to: 0.5 } }, 3), [true, false, false]);
  assert.deepEqual(withinBrushes(axes, { 'metric auc': { from: 0.9, to: 1 } }, 3), [false, false, true]);
});

test('a brush is made, moved, widened and taken away by keys', () => {
  const made = brushAfterKey(undefined, 'ArrowUp', false);
  assert.deepEqual(made, { from: 0.5, to: 1 });
  assert.deepEqual(brushAfterKey(made, 'ArrowUp', false), { from: 0.5, to: 1 });
  assert.deepEqual(brushAfterKey({ from: 0, to: 0.5 }, 'ArrowDown', true), { from: 0, to: 0.4 });
  assert.equal(brushAfterKey(made, 'Escape', false), undefined);
  assert.equal(brushAfterKey(made, 'a', false), made);
});

test('parameters stand before metrics, and there are not more axes than one can follow', () => {
  assert.deepEqual(firstAxes(axes, 2), ['parameter depth', 'metric auc']);
});
