import protobuf from 'protobufjs';

/** The part of onnx.proto that tests write. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message SparseTensor { Tensor values = 1; Tensor indices = 2; repeated int64 dims = 3; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message SequenceType { Type elem_type = 1; }
  message Type { oneof value { TensorType tensor_type = 1; SequenceType sequence_type = 4; } string denotation = 6; }
  message ValueInfo { string name = 1; Type type = 2; string doc_string = 3; }
  message Graph {
    repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated SparseTensor sparse_initializer = 15;
    repeated ValueInfo input = 11; repeated ValueInfo output = 12;
  }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated OperatorSet opset_import = 8; }
`,
  { keepCase: true },
);

export type Dimension = number | string | undefined;

export function tensorValue(name: string, type: number, shape: readonly Dimension[] | undefined): object {
  const dim = shape?.map((size) => (typeof size === 'number' ? { dim_value: size } : size === undefined ? {} : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: type, ...(dim === undefined ? {} : { shape: { dim } }) } } };
}

export function sequenceValue(name: string): object {
  return { name, type: { sequence_type: { elem_type: { tensor_type: { elem_type: 1 } } } } };
}

/** Bytes of an ONNX file with this graph; `weights` adds an initializer of so many bytes. */
export function onnxFile(graph: object, options: { readonly weights?: number; readonly model?: object } = {}): Buffer {
  const initializer =
    options.weights === undefined
      ? []
      : [{ name: 'weights', dims: [options.weights], data_type: 3, raw_data: Buffer.alloc(options.weights, 7) }];
  const model = {
    ir_version: 8,
    producer_name: 'tests',
    graph: { name: 'g', initializer, ...graph },
    opset_import: [{ version: 17 }],
    ...options.model,
  };
  const type = root.lookupType('Model');
  return Buffer.from(type.encode(type.fromObject(model)).finish());
}

/** A model with two inputs and one output, different for each `seed`. */
export function smallModel(seed: number | string = 0): Buffer {
  return onnxFile({
    name: `graph ${seed}`,
    node: [{ input: ['origin', 'hour'], output: ['probability'], op_type: 'Foo' }],
    input: [tensorValue('origin', 8, ['rows']), tensorValue('hour', 7, ['rows', 1])],
    output: [tensorValue('probability', 1, ['rows'])],
  });
}
