import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { readTensor, requestOf } from './curl.ts';

const hour = { name: 'hour', datatype: 'INT64', shape: [-1, 1] };
const origin = { name: 'origin', datatype: 'BYTES', shape: [-1] };
const point = { name: 'point', datatype: 'FP32', shape: [-1, 2] };

test('a request of one row has the shapes of the signature', () => {
  deepEqual(
    requestOf({ inputs: [hour, origin], outputs: [] }, ({ datatype }) => (datatype === 'BYTES' ? ['ORD'] : [17])),
    {
      inputs: [
        { name: 'hour', datatype: 'INT64', shape: [1, 1], data: [17] },
        { name: 'origin', datatype: 'BYTES', shape: [1], data: ['ORD'] },
      ],
    },
  );
});

test('typed values take the datatype of the input, or say what is wrong', () => {
  deepEqual(readTensor('17', hour), { data: [17] });
  deepEqual(readTensor('1.5', hour), { problem: 'Write a whole number.' });
  deepEqual(readTensor('', hour), { problem: 'Write a number.' });
  deepEqual(readTensor('ORD', origin), { data: ['ORD'] });
  deepEqual(readTensor('1, 2', point), { data: [1, 2] });
  deepEqual(readTensor('1', point), { problem: 'Write 2 values with commas between them.' });
});
