import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeTensors, encodeTensors, encodeText, type Frame, frameKinds, frameReader, type Tensor } from './index.ts';

const floats = fc
  .array(fc.float())
  .map((list): Tensor => ({ name: 'f', datatype: 'FP32', shape: [list.length], data: Float32Array.from(list) }));
const longs = fc
  .array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  .map((list): Tensor => ({ name: 'ü', datatype: 'INT64', shape: [list.length, 1], data: BigInt64Array.from(list) }));
const texts = fc
  .array(fc.string({ unit: 'grapheme' }))
  .map((list): Tensor => ({ name: 'texts', datatype: 'BYTES', shape: [list.length], data: list }));

test('tensors come through any cutting of the stream as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(floats, longs, texts), { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (runs, cuts) => {
        const stream = Buffer.concat(runs.map((tensors, index) => encodeTensors(index, frameKinds.run, tensors)));
        const frames: Frame[] = [];
        const read = frameReader((frame) => void frames.push(frame));
        for (let at = 0, turn = 0; at < stream.byteLength; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          read(Buffer.from(stream.subarray(at, at + size)));
          at += size;
        }
        assert.deepEqual(
          frames.map(({ request, body }) => [request, decodeTensors(body)]),
          runs.map((tensors, index) => [index, tensors]),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('a failure carries its text; a length that cannot be is refused', () => {
  const frames: Frame[] = [];
  frameReader((frame) => void frames.push(frame))(encodeText(9, frameKinds.failed, 'kaputt ✗'));
  assert.deepEqual([frames[0]?.request, frames[0]?.kind, frames[0]?.body.toString('utf8')], [9, frameKinds.failed, 'kaputt ✗']);
  const absurd = Buffer.alloc(16, 0xff);
  assert.throws(() => frameReader(() => undefined)(Buffer.concat([absurd])), /cannot be read/);
});
