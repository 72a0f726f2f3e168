/** Writes the smallest ONNX file that scores: probability = sigmoid(weight · x + bias), one row an element. By hand, because it is so small. */

/** Element type numbers of the standard. */
const elementTypes = { FP32: 1, INT64: 7 } as const;

export interface TinyModel {
  readonly weight: number;
  readonly bias: number;
  /** Name of the input; `x` unless said. */
  readonly input?: string;
  readonly datatype?: keyof typeof elementTypes;
  /** Makes the file larger. */
  readonly padding?: number;
}

export function tinyModel({ weight, bias, input = 'x', datatype = 'FP32', padding = 0 }: TinyModel): Uint8Array {
  const cast = datatype === 'FP32' ? [] : [message(1, node('Cast', [input], 'float', attribute('to', elementTypes.FP32)))];
  const graph = Buffer.concat([
    ...cast,
    message(1, node('Mul', [datatype === 'FP32' ? input : 'float', 'weight'], 'product')),
    message(1, node('Add', ['product', 'bias'], 'sum')),
    message(1, node('Sigmoid', ['sum'], 'probability')),
    text(2, 'tiny'),
    message(5, constant('weight', weight)),
    message(5, constant('bias', bias)),
    message(11, value(input, elementTypes[datatype])),
    message(12, value('probability', elementTypes.FP32)),
  ]);
  const operators = Buffer.concat([text(1, ''), number(2, 13)]);
  return Buffer.concat([number(1, 8), text(6, 'x'.repeat(padding)), message(7, graph), message(8, operators)]);
}

function node(operator: string, inputs: readonly string[], output: string, ...attributes: Buffer[]): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
    ...attributes.map((one) => message(5, one)),
  ]);
}

function attribute(name: string, integer: number): Buffer {
  return Buffer.concat([text(1, name), number(3, integer), number(20, 2)]);
}

function constant(name: string, value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeFloatLE(value);
  return Buffer.concat([number(1, 1), number(2, elementTypes.FP32), text(8, name), message(9, data)]);
}

function value(name: string, elementType: number): Buffer {
  const shape = message(1, text(2, 'rows'));
  const tensor = Buffer.concat([number(1, elementType), message(2, shape)]);
  return Buffer.concat([text(1, name), message(2, message(1, tensor))]);
}

function number(field: number, content: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(content)]);
}

function text(field: number, content: string): Buffer {
  return message(field, Buffer.from(content, 'utf8'));
}

function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.byteLength), content]);
}

function varint(content: number): Buffer {
  const bytes: number[] = [];
  let rest = content;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
