import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Signature } from '../model.ts';
import { readOnnxSignature } from './read-signature.ts';
import { onnxFile, sequenceValue, smallModel, tensorValue } from './testing.ts';

async function read(bytes: Uint8Array): Promise<Signature> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-onnx-'));
  try {
    writeFileSync(join(folder, 'model.onnx'), bytes);
    return await readOnnxSignature(join(folder, 'model.onnx'), 'model.onnx');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function refused(bytes: Uint8Array, reason: RegExp): Promise<void> {
  await assert.rejects(read(bytes), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'registry.onnx-invalid');
    assert.match(error.message, reason);
    return true;
  });
}

test('inputs and outputs come with the names of the Open Inference Protocol and -1 for what varies', async () => {
  assert.deepEqual(await read(smallModel()), {
    inputs: [
      { name: 'origin', datatype: 'BYTES', shape: [-1] },
      { name: 'hour', datatype: 'INT64', shape: [-1, 1] },
    ],
    outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1] }],
    unservable: [],
  });
});

test('every tensor type that the protocol has is mapped; others are told apart', async () => {
  const types = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 14, 17];
  const signature = await read(
    onnxFile({
      input: types.map((type) => tensorValue(`t${type}`, type, [])),
      output: [sequenceValue('probabilities'), tensorValue('größe', 11, [undefined, 0, -1, 3])],
    }),
  );
  const names = 'FP32 UINT8 INT8 UINT16 INT16 INT32 INT64 BYTES BOOL FP16 FP64 UINT32 UINT64 BF16';
  assert.equal(signature.inputs.map((input) => input.datatype).join(' '), names);
  assert.deepEqual(signature.outputs, [{ name: 'größe', datatype: 'FP64', shape: [-1, -1, -1, 3] }]);
  assert.deepEqual(signature.unservable, [
    { name: 't14', kind: 'tensor of ONNX type 14' },
    { name: 't17', kind: 'tensor of ONNX type 17' },
    { name: 'probabilities', kind: 'sequence' },
  ]);
});

test('weights that old files list as inputs are left out, and large ones are not loaded', async () => {
  const graph = {
    input: [tensorValue('x', 1, ['n']), tensorValue('weights', 3, [5]), tensorValue('sparse', 1, [5])],
    output: [tensorValue('y', 1, ['n'])],
    sparse_initializer: [{ values: { name: 'sparse', data_type: 1 } }],
  };
  const signature = await read(onnxFile(graph, { weights: 20_000_000 }));
  assert.deepEqual(
    signature.inputs.map((input) => input.name),
    ['x'],
  );
});

test('a file that is no model is refused with the reason', async () => {
  const model = smallModel();
  const output = [tensorValue('y', 1, [])];
  await refused(Buffer.alloc(0), /it is empty/);
  await refused(Buffer.from('this is not a model'), /encoding|cut off|begin/);
  await refused(Buffer.from('{"a":1}'), /onnx/i);
  await refused(model.subarray(0, model.length - 8), /cut off/);
  await refused(model.subarray(0, 20), /cut off/);
  await refused(onnxFile({ output: [] }), /no output/);
  await refused(onnxFile({ output }, { model: { ir_version: 0 } }), /no version/);
  await refused(onnxFile({ output }, { model: { opset_import: [] } }), /no operator set/);
  await refused(onnxFile({ output }, { model: { graph: undefined } }), /no graph/);
  await refused(onnxFile({ output: [{ name: 'y' }] }), /"y" has no type/);
  await refused(onnxFile({ output: [tensorValue('', 1, [])] }), /has no name/);
  await refused(onnxFile({ output, input: [tensorValue('x', 1, []), tensorValue('x', 1, [])] }), /same name/);
});

test('damaged files are refused or read, but never break the reader', async () => {
  const model = smallModel();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(model.length),
      async (changes, length) => {
        const damaged = Buffer.from(model);
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          await read(damaged.subarray(0, length));
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'registry.onnx-invalid');
        }
      },
    ),
    { numRuns: 150, seed: 7473 },
  );
});
