import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { changedParameters, readValue } from './parameter-values.ts';

test('a typed value takes the kind of the default', () => {
  deepEqual(readValue('32', '32,16'), { value: '32' });
  deepEqual(readValue(' 0.01 ', 0.5), { value: 0.01 });
  deepEqual(readValue('', 1), { problem: 'Write a number, for example 0.5.' });
  deepEqual(readValue('true', false), { value: true });
  deepEqual(readValue('1', false), { problem: 'Write true or false.' });
  deepEqual(readValue('[1, 2]', null), { value: [1, 2] });
});

test('only what differs from the default has changed', () => {
  deepEqual(changedParameters({ epochs: 2, units: [32], seed: 1 }, { epochs: 1, units: [32] }), { epochs: 2, seed: 1 });
});
