import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

/** Builds an ONNX file node by node. Names in a graph are the names of its values; `node` gives the name of what it computes. */

const FLOAT = 1;
const INT64 = 7;
const STRING = 8;
const ELEMENT_TYPES = { FLOAT, INT64, STRING } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

type Attribute = { int: number } | { ints: readonly number[] } | { strings: readonly string[] } | { float: number };

/** Operator set 17 of the standard and 3 of ai.onnx.ml: what ONNX Runtime has run since 1.12. */
const STANDARD_OPERATORS = 17;
const ML_OPERATORS = 3;
const IR_VERSION = 8;

export interface OnnxBuilder {
  /** A model input: a vector with one element a row. */
  input(name: string, type: ElementType, description: string): string;
  floats(name: string, values: Float32Array, dimensions: readonly number[]): string;
  integers(name: string, values: readonly number[], dimensions: readonly number[]): string;
  node(
    operator: string,
    inputs: readonly string[],
    options: { output: string; attributes?: Readonly<Record<string, Attribute>>; ml?: boolean },
  ): string;
  output(name: string, type: ElementType, description: string): void;
  build(about: { name: string; description: string; metadata: Readonly<Record<string, string>> }): Uint8Array;
}

export function createOnnxBuilder(): OnnxBuilder {
  const nodes: object[] = [];
  const initializers: object[] = [];
  const inputs: object[] = [];
  const outputs: object[] = [];
  const valueInfo = (name: string, type: ElementType, description: string) => ({
    name,
    type: { tensor_type: { elem_type: ELEMENT_TYPES[type], shape: { dim: [{ dim_param: 'rows' }] } } },
    doc_string: description,
  });
  const initializer = (name: string, type: number, dims: readonly number[], values: Float32Array | BigInt64Array): string => {
    initializers.push({ name, dims, data_type: type, raw_data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
    return name;
  };
  return {
    input(name, type, description) {
      inputs.push(valueInfo(name, type, description));
      return name;
    },
    floats: (name, values, dimensions) => initializer(name, FLOAT, dimensions, values),
    integers: (name, values, dimensions) => initializer(name, INT64, dimensions, BigInt64Array.from(values, BigInt)),
    node(operator, from, { output, attributes = {}, ml = false }) {
      const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...attributeFields(value) }));
      nodes.push({ input: from, output: [output], name: `${output}_node`, op_type: operator, attribute, domain: ml ? 'ai.onnx.ml' : '' });
      return output;
    },
    output(name, type, description) {
      outputs.push(valueInfo(name, type, description));
    },
    build: ({ name, description, metadata }) =>
      encodeModel({
        ir_version: IR_VERSION,
        producer_name: 'ripen-template-onnx-typescript',
        doc_string: description,
        graph: { name, node: nodes, initializer: initializers, input: inputs, output: outputs },
        opset_import: [
          { domain: '', version: STANDARD_OPERATORS },
          { domain: 'ai.onnx.ml', version: ML_OPERATORS },
        ],
        metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      }),
  };
}

/** Attribute type numbers of the standard: FLOAT 1, INT 2, INTS 7, STRINGS 8. */
function attributeFields(value: Attribute): object {
  if ('int' in value) return { i: value.int, type: 2 };
  if ('ints' in value) return { ints: value.ints, type: 7 };
  if ('float' in value) return { f: value.float, type: 1 };
  return { strings: value.strings.map((text) => Buffer.from(text, 'utf8')), type: 8 };
}

function encodeModel(model: object): Uint8Array {
  const source = readFileSync(new URL('./onnx.proto', import.meta.url), 'utf8');
  const type = protobuf.parse(source, { keepCase: true }).root.lookupType('onnx.ModelProto');
  const problem = type.verify(model);
  if (problem !== null) throw new Error(`The ONNX model is malformed: ${problem}`);
  return type.encode(type.create(model)).finish();
}
