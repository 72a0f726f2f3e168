import { registryErrors } from '../errors.ts';
import type { Datatype, Signature, TensorSpec } from '../model.ts';
import { type ByteWindow, withByteWindow } from './byte-window.ts';
import { MalformedProtobuf, type ProtobufField, protobufFields, protobufText } from './protobuf-fields.ts';

/** Field numbers of onnx.proto (github.com/onnx/onnx, IR version 13). */
const modelFields = { irVersion: 1, graph: 7, opsetImport: 8 } as const;
const graphFields = { initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const;
const tensorNameField = 8;
const sparseValuesField = 1;
const valueFields = { name: 1, type: 2 } as const;
const typeKinds: Readonly<Record<number, string>> = {
  1: 'tensor',
  4: 'sequence',
  5: 'map',
  7: 'opaque',
  8: 'sparse tensor',
  9: 'optional',
};
const tensorFields = { elementType: 1, shape: 2 } as const;
const dimensionField = 1;
const dimensionValueField = 1;
const mostValues = 10_000;

/** TensorProto.DataType to the names of the Open Inference Protocol; what is left out has none. */
const datatypes: Readonly<Record<number, Datatype>> = {
  1: 'FP32',
  2: 'UINT8',
  3: 'INT8',
  4: 'UINT16',
  5: 'INT16',
  6: 'INT32',
  7: 'INT64',
  8: 'BYTES',
  9: 'BOOL',
  10: 'FP16',
  11: 'FP64',
  12: 'UINT32',
  13: 'UINT64',
  16: 'BF16',
};

/**
 * Reads inputs and outputs from an ONNX file, whatever its size: weights are skipped, not loaded.
 * @throws `registry.onnx-invalid` with the reason
 */
export async function readOnnxSignature(path: string, file: string): Promise<Signature> {
  try {
    return await withByteWindow(path, readModel);
  } catch (error) {
    if (error instanceof MalformedProtobuf) throw registryErrors['onnx-invalid']({ file, reason: error.message }, error);
    throw error;
  }
}

async function readModel(window: ByteWindow): Promise<Signature> {
  if (window.size === 0) throw new MalformedProtobuf('it is empty');
  let version: bigint | undefined;
  let graph: ProtobufField | undefined;
  let operators = false;
  for await (const field of protobufFields(window, 0, window.size)) {
    if (field.number === modelFields.irVersion) version = field.value;
    if (field.number === modelFields.opsetImport) operators = true;
    if (field.number === modelFields.graph) graph = field;
  }
  if (version === undefined || version === 0n) throw new MalformedProtobuf('it states no version of the ONNX format');
  if (graph === undefined) throw new MalformedProtobuf('it holds no graph');
  if (!operators) throw new MalformedProtobuf('it states no operator set');
  return readGraph(window, graph);
}

type Value = { readonly name: string } & ({ readonly tensor: TensorSpec } | { readonly kind: string });

async function readGraph(window: ByteWindow, graph: ProtobufField): Promise<Signature> {
  const inputs: Value[] = [];
  const outputs: Value[] = [];
  const constants = new Set<string>();
  for await (const field of protobufFields(window, graph.start, graph.end)) {
    if (field.number === graphFields.input) inputs.push(await readValue(window, field));
    else if (field.number === graphFields.output) outputs.push(await readValue(window, field));
    else if (field.number === graphFields.initializer) constants.add(await readName(window, field));
    else if (field.number === graphFields.sparseInitializer) constants.add(await readSparseName(window, field));
    if (inputs.length + outputs.length > mostValues) throw new MalformedProtobuf(`it has more than ${mostValues} inputs and outputs`);
  }
  // Before version 4 of the format weights were listed as inputs too.
  const real = inputs.filter((input) => !constants.has(input.name));
  const all = [...real, ...outputs];
  if (outputs.length === 0) throw new MalformedProtobuf('its graph has no output');
  if (new Set(real.map((value) => value.name)).size < real.length) throw new MalformedProtobuf('two of its inputs have the same name');
  return {
    inputs: real.flatMap((value) => ('tensor' in value ? [value.tensor] : [])),
    outputs: outputs.flatMap((value) => ('tensor' in value ? [value.tensor] : [])),
    unservable: all.flatMap((value) => ('kind' in value ? [{ name: value.name, kind: value.kind }] : [])),
  };
}

async function readName(window: ByteWindow, tensor: ProtobufField): Promise<string> {
  for await (const field of protobufFields(window, tensor.start, tensor.end)) {
    if (field.number === tensorNameField) return protobufText(window, field);
  }
  return '';
}

async function readSparseName(window: ByteWindow, sparse: ProtobufField): Promise<string> {
  for await (const field of protobufFields(window, sparse.start, sparse.end)) {
    if (field.number === sparseValuesField) return readName(window, field);
  }
  return '';
}

async function readValue(window: ByteWindow, value: ProtobufField): Promise<Value> {
  let name = '';
  let type: ProtobufField | undefined;
  for await (const field of protobufFields(window, value.start, value.end)) {
    if (field.number === valueFields.name) name = await protobufText(window, field);
    if (field.number === valueFields.type) type = field;
  }
  if (name === '') throw new MalformedProtobuf('one of its inputs or outputs has no name');
  if (type === undefined) throw new MalformedProtobuf(`"${name}" has no type`);
  for await (const field of protobufFields(window, type.start, type.end)) {
    const kind = typeKinds[field.number];
    if (kind === 'tensor') return readTensor(window, field, name);
    if (kind !== undefined) return { name, kind };
  }
  throw new MalformedProtobuf(`"${name}" has a type that ONNX does not know`);
}

async function readTensor(window: ByteWindow, tensor: ProtobufField, name: string): Promise<Value> {
  let element = 0;
  let shape: number[] = [];
  for await (const field of protobufFields(window, tensor.start, tensor.end)) {
    if (field.number === tensorFields.elementType) element = Number(field.value ?? 0n);
    if (field.number === tensorFields.shape) shape = await readShape(window, field);
  }
  const datatype = datatypes[element];
  return datatype === undefined ? { name, kind: `tensor of ONNX type ${element}` } : { name, tensor: { name, datatype, shape } };
}

async function readShape(window: ByteWindow, shape: ProtobufField): Promise<number[]> {
  const dimensions: number[] = [];
  for await (const field of protobufFields(window, shape.start, shape.end)) {
    if (field.number !== dimensionField) continue;
    let size = -1;
    for await (const part of protobufFields(window, field.start, field.end)) {
      if (part.number === dimensionValueField && part.value !== undefined) size = Number(BigInt.asIntN(64, part.value));
    }
    // Some exporters write 0 or a negative number for "any".
    dimensions.push(size > 0 ? size : -1);
  }
  return dimensions;
}
