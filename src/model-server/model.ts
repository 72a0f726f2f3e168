import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import type { Datatype, Signature, Tensor, TensorSpec } from '#kernel/inference/index.ts';

/** A loaded model: tensors in, tensors out. */
export interface Model {
  readonly signature: Signature;
  run(inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
}

/** ONNX Runtime's names of the datatypes. */
const onnxTypes: Readonly<Partial<Record<Datatype, OnnxTensor.Type>>> = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
};
const datatypes = new Map(Object.entries(onnxTypes).map(([datatype, type]) => [type, datatype as Datatype] as const));

export async function openModel(path: string, threads: number): Promise<Model> {
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  return {
    signature: { inputs: session.inputMetadata.map(specOf), outputs: session.outputMetadata.map(specOf) },
    async run(inputs) {
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, toOnnx(input)]));
      const results = await session.run(feeds);
      return Object.entries(results).map(([name, value]) => fromOnnx(name, value));
    },
  };
}

/** @throws when the model takes or gives something that is no tensor, such as a map */
function specOf(metadata: InferenceSession.ValueMetadata): TensorSpec {
  if (!metadata.isTensor) throw new Error(`"${metadata.name}" is not a tensor; only models from tensors to tensors can be served`);
  const shape = metadata.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : -1));
  return { name: metadata.name, datatype: datatypeOf(metadata.name, metadata.type), shape };
}

function datatypeOf(name: string, type: OnnxTensor.Type): Datatype {
  const datatype = datatypes.get(type);
  if (datatype === undefined) throw new Error(`"${name}" has elements of type ${type}, which the protocol does not know`);
  return datatype;
}

function toOnnx({ datatype, shape, data }: Tensor): OnnxTensor {
  const type = onnxTypes[datatype] ?? 'string';
  // The datatype decides the kind of array, which the constructor's overloads cannot follow.
  const Build = OnnxTensor as unknown as new (type: OnnxTensor.Type, data: Tensor['data'], shape: readonly number[]) => OnnxTensor;
  return new Build(type, data, shape);
}

function fromOnnx(name: string, value: OnnxTensor): Tensor {
  return { name, datatype: datatypeOf(name, value.type), shape: value.dims, data: value.data };
}
