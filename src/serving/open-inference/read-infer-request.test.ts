import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Signature } from '#kernel/inference/index.ts';
import { readEnvelope, readInferRequest } from './read-infer-request.ts';
import { jsonElements } from './write-infer-response.ts';

const signature: Signature = {
  inputs: [
    { name: 'image', datatype: 'FP32', shape: [-1, 2, 3] },
    { name: 'flags', datatype: 'BOOL', shape: [-1] },
    { name: 'small', datatype: 'INT8', shape: [-1] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
};

function read(image: unknown, more: object = {}): ReturnType<typeof readInferRequest> {
  const inputs = [
    { name: 'image', datatype: 'FP32', shape: [1, 2, 3], data: image },
    { name: 'flags', datatype: 'BOOL', shape: [1], data: [true] },
    { name: 'small', datatype: 'INT8', shape: [1], data: [-128] },
  ];
  return readInferRequest(readEnvelope({ inputs, ...more }), signature);
}

const refused = (image: unknown, message: RegExp, more: object = {}): void =>
  assert.throws(() => read(image, more), { code: 'serving.infer-invalid', message });

test('nested and flat data are the same tensor', () => {
  const flat = read([1, 2, 3, 4, 5, 6]);
  assert.deepEqual(
    read([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]),
    flat,
  );
  assert.deepEqual(
    flat.inputs.map(({ data }) => [...data]),
    [[1, 2, 3, 4, 5, 6], [1], [-128]],
  );
  assert.deepEqual([flat.rows, flat.id, flat.outputs], [1, undefined, undefined]);
});

test('data that is nested unlike its shape is refused', () => {
  refused(
    [
      [
        [1, 2, 3],
        [4, 5],
      ],
    ],
    /nested unlike its shape \[1, 2, 3\]: there are 2 elements where 3 belong/,
  );
  refused(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    /nested unlike/,
  );
  refused([[[1, 2, 3], 4]], /nested unlike/);
  refused(
    [
      [
        [[1], 2, 3],
        [4, 5, 6],
      ],
    ],
    /must hold finite numbers/,
  );
  refused([1, 2, 3], /has 3 elements/);
  refused({}, /has no "data"/);
  refused([1, 2, 3, 4, 5, 3.5e38], /finite numbers of FP32; element 5/);
});

test('integers and booleans stay within their datatype', () => {
  const inputs = (small: unknown, flags: unknown) => [
    { name: 'image', datatype: 'FP32', shape: [1, 2, 3], data: [1, 2, 3, 4, 5, 6] },
    { name: 'flags', datatype: 'BOOL', shape: [1], data: [flags] },
    { name: 'small', datatype: 'INT8', shape: [1], data: [small] },
  ];
  refused([], /has 128 as element 0, which is outside of INT8/, { inputs: inputs(128, true) });
  refused([], /must hold booleans; element 0 is "yes"/, { inputs: inputs(1, 'yes') });
  refused([], /must hold whole numbers; element 0 is "1"/, { inputs: inputs('1', true) });
});

test('times and keys are understood', () => {
  const { eventTime, key } = read([1, 2, 3, 4, 5, 6], { parameters: { event_time: '2001-06-01T00:00:00+02:00', key: 17, other: true } });
  assert.deepEqual([eventTime, key], [Date.UTC(2001, 4, 31, 22), '17']);
  assert.equal(read([1, 2, 3, 4, 5, 6], { parameters: { event_time: 1.5 } }).eventTime, 1);
  for (const time of [null, '', 'soon', 1e300, {}]) refused([1, 2, 3, 4, 5, 6], /event_time/, { parameters: { event_time: time } });
  assert.throws(() => readEnvelope({ parameters: { key: {} } }), /"key" must be/);
});

test('half a character is refused wherever text goes on to the log', () => {
  const half = '\ud83c';
  assert.throws(() => readEnvelope({ id: half }), /"id" must be/);
  assert.throws(() => readEnvelope({ parameters: { key: half } }), /"key" must be/);
  const texts: Signature = { inputs: [{ name: 'city', datatype: 'BYTES', shape: [-1] }], outputs: [] };
  const inputs = [{ name: 'city', datatype: 'BYTES', shape: [1], data: [half] }];
  assert.throws(() => readInferRequest(readEnvelope({ inputs }), texts), /element 0 has half a character/);
});

test('no body at all breaks the reader', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      try {
        readInferRequest(readEnvelope(body), signature);
        assert.fail('a random body is no request');
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'serving.infer-invalid');
      }
    }),
  );
});

test('whole numbers of 64 bits leave with all their digits', () => {
  const data = BigInt64Array.of(7n, -9_007_199_254_740_993n);
  const text = JSON.stringify(jsonElements({ name: 'y', datatype: 'INT64', shape: [2], data }));
  assert.equal(text, '[7,-9007199254740993]');
  assert.equal(
    JSON.stringify(jsonElements({ name: 'y', datatype: 'FP32', shape: [2], data: Float32Array.of(Number.NaN, 0.5) })),
    '[null,0.5]',
  );
});
