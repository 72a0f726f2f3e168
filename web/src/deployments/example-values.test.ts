import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnWire, HistogramWire } from '#monitoring/wire.ts';
import { exampleValues } from './example-values.ts';

const spec = (name: string, datatype: string, shape: number[] = [-1]) => ({ name, datatype, shape });
const column = (name: string, current: HistogramWire, reference?: HistogramWire): ColumnWire => ({
  name,
  current,
  ...(reference === undefined ? {} : { reference }),
  unseen: [],
  drift: [],
});
const hours: HistogramWire = { kind: 'numeric', edges: [0, 6, 12, 18, 24], counts: [1, 2, 9, 1], below: 0, above: 0, missing: 0 };
const airports: HistogramWire = { kind: 'categorical', values: ['ORD', 'LAX'], counts: [3, 8], other: 1, missing: 0 };
const empty: HistogramWire = { kind: 'categorical', values: [], counts: [], other: 0, missing: 4 };

test('an example is the usual value of its column, as the datatype wants it', () => {
  const columns = [column('hour', hours), column('origin', empty, airports)];
  assert.deepEqual(exampleValues([spec('hour', 'INT64'), spec('origin', 'BYTES')], columns), { hour: '15', origin: 'LAX' });
});

test('without any traffic each input gets a value of its kind', () => {
  const inputs = [spec('x', 'FP32', [-1, 3]), spec('text', 'BYTES'), spec('flag', 'BOOL'), spec('none', 'BYTES')];
  assert.deepEqual(exampleValues(inputs, [column('none', empty)]), { x: '0, 0, 0', text: 'text', flag: 'false', none: 'text' });
});
