import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signature } from '#kernel/inference/index.ts';
import { signatureProblem } from './check-signature.ts';

const registered: Signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
};
const withInput = (more: object): Signature => ({ ...registered, inputs: registered.inputs.map((input) => ({ ...input, ...more })) });

test('the file must be the registered model', () => {
  assert.equal(signatureProblem(registered, registered), undefined);
  assert.equal(signatureProblem(registered, withInput({ shape: [] })), undefined, 'an unknown rank fits');
  assert.equal(signatureProblem(registered, withInput({ shape: [8, 4] })), undefined);
  assert.match(signatureProblem(registered, withInput({ name: 'z' })) ?? '', /no input "x"/);
  assert.match(signatureProblem(registered, withInput({ datatype: 'FP64' })) ?? '', /"x" is FP64, registered is FP32/);
  assert.match(signatureProblem(registered, withInput({ shape: [-1, 5] })) ?? '', /shape \[-1, 5\], registered is \[-1, 4\]/);
  assert.match(signatureProblem(registered, withInput({ shape: [-1] })) ?? '', /shape \[-1\]/);
  const more: Signature = { ...registered, outputs: [...registered.outputs, { name: 'extra', datatype: 'FP32', shape: [] }] };
  assert.match(signatureProblem(registered, more) ?? '', /output "extra" is not registered/);
});
