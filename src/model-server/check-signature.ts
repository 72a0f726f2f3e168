import type { Signature, TensorSpec } from '#kernel/inference/index.ts';

/** Why the file is not the model that was registered, or undefined when it is. A registered dimension of -1 fits any size. */
export function signatureProblem(registered: Signature, actual: Signature): string | undefined {
  return sideProblem('input', registered.inputs, actual.inputs) ?? sideProblem('output', registered.outputs, actual.outputs);
}

function sideProblem(side: string, registered: readonly TensorSpec[], actual: readonly TensorSpec[]): string | undefined {
  const found = new Map(actual.map((spec) => [spec.name, spec]));
  for (const expected of registered) {
    const spec = found.get(expected.name);
    if (spec === undefined) return `the file has no ${side} "${expected.name}"`;
    if (spec.datatype !== expected.datatype)
      return `the ${side} "${expected.name}" is ${spec.datatype}, registered is ${expected.datatype}`;
    if (!shapesFit(expected.shape, spec.shape)) {
      return `the ${side} "${expected.name}" has shape [${spec.shape.join(', ')}], registered is [${expected.shape.join(', ')}]`;
    }
    found.delete(expected.name);
  }
  const [extra] = found.keys();
  return extra === undefined ? undefined : `the ${side} "${extra}" is not registered`;
}

function shapesFit(expected: readonly number[], actual: readonly number[]): boolean {
  // ONNX Runtime tells an unknown rank as an empty shape.
  if (actual.length === 0 || expected.length === 0) return true;
  return (
    expected.length === actual.length && expected.every((size, index) => size < 0 || (actual[index] ?? -1) < 0 || size === actual[index])
  );
}
