import {
  datatypeForms,
  type Datatype,
  elementCount,
  isDatatype,
  type Signature,
  type Tensor,
  type TensorSpec,
} from '#kernel/inference/index.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import { servingErrors } from '../errors.ts';
import { fillTensor } from './fill-tensor.ts';

/** A request of the Open Inference Protocol, checked against what the model takes. */
export interface InferRequest {
  readonly id: string | undefined;
  /** Epoch ms of what is predicted, where the caller said. */
  readonly eventTime: number | undefined;
  /** Entity that keeps its revision during a rollout. */
  readonly key: string | undefined;
  readonly inputs: readonly Tensor[];
  /** Outputs asked for; all when undefined. */
  readonly outputs: readonly string[] | undefined;
  readonly rows: number;
}

/** Raw tensors that followed the JSON header of the binary extension. */
export type BinaryPart = { readonly bytes: Buffer };

export const fail = (why: string): never => {
  throw servingErrors['infer-invalid']({ why });
};

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What routing must know before the model is chosen. */
export interface InferEnvelope {
  readonly fields: Fields;
  readonly id: string | undefined;
  readonly key: string | undefined;
}

/** @throws `serving.infer-invalid` */
export function readEnvelope(body: unknown): InferEnvelope {
  if (!isFields(body)) return fail('The body must be a JSON object with "inputs".');
  const { id, parameters } = body;
  if (id !== undefined && (typeof id !== 'string' || id.length > 256 || !id.isWellFormed()))
    return fail('"id" must be a string of at most 256 characters.');
  if (parameters !== undefined && !isFields(parameters)) return fail('"parameters" must be an object.');
  const key = parameters?.['key'];
  if (key !== undefined && typeof key !== 'number' && !(typeof key === 'string' && key.isWellFormed()))
    return fail('The parameter "key" must be a string or a number.');
  return { fields: body, id: id === '' ? undefined : id, key: key === undefined ? undefined : String(key) };
}

/** @throws `serving.infer-invalid` with a text that names the input, the place and what was expected */
export function readInferRequest({ fields, id, key }: InferEnvelope, signature: Signature, binary?: BinaryPart): InferRequest {
  const { inputs } = fields;
  if (!Array.isArray(inputs)) return fail('"inputs" must be a list of tensors.');
  const given = byName(inputs as readonly unknown[], signature.inputs);
  const missing = signature.inputs.filter((spec) => !given.has(spec.name)).map((spec) => `"${spec.name}"`);
  if (missing.length > 0) return fail(`The model also needs ${missing.length === 1 ? 'the input' : 'the inputs'} ${missing.join(', ')}.`);
  const rest = binary === undefined ? undefined : { bytes: binary.bytes, at: 0 };
  const tensors: Tensor[] = [];
  let rows: { readonly count: number; readonly input: string } | undefined;
  // In the order of the request: binary data lies in that order.
  for (const [name, input] of given) {
    const spec = signature.inputs.find((each) => each.name === name);
    if (spec === undefined) continue;
    const tensor = readTensor(input, spec, rest);
    if (spec.shape[0] === -1) {
      const [count = 0] = tensor.shape;
      if (rows !== undefined && rows.count !== count) {
        return fail(`All inputs must have as many rows: "${rows.input}" has ${rows.count}, "${name}" has ${count}.`);
      }
      rows ??= { count, input: name };
    }
    tensors.push(tensor);
  }
  if (rest !== undefined && rest.at !== rest.bytes.byteLength) {
    return fail(`${rest.bytes.byteLength - rest.at} bytes follow the last binary tensor.`);
  }
  if (rows?.count === 0) return fail('The request has no rows.');
  return { id, key, eventTime: eventTimeOf(fields), inputs: tensors, outputs: outputsOf(fields, signature), rows: rows?.count ?? 1 };
}

function byName(inputs: readonly unknown[], specs: readonly TensorSpec[]): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  for (const [index, input] of inputs.entries()) {
    if (!isFields(input) || typeof input['name'] !== 'string') return fail(`inputs[${index}] must be an object with a "name".`);
    const { name } = input;
    if (found.has(name)) return fail(`The input "${name}" is given twice.`);
    if (!specs.some((spec) => spec.name === name)) {
      const names = specs.map((spec) => spec.name);
      const near = nearestName(name, names);
      return fail(
        `The model has no input "${name}"${near === undefined ? `; it takes ${names.join(', ')}` : `; did you mean "${near}"?`}.`,
      );
    }
    found.set(name, input);
  }
  return found;
}

function readTensor(input: Fields, spec: TensorSpec, rest: { readonly bytes: Buffer; at: number } | undefined): Tensor {
  const { name } = spec;
  const datatype = datatypeOf(input, spec);
  const shape = shapeOf(input, spec);
  const count = elementCount(shape);
  if (!Number.isSafeInteger(count) || count > 0xffff_ffff) return fail(`The input "${name}" has a shape that is too large.`);
  const { parameters, data } = input;
  const size = isFields(parameters) ? parameters['binary_data_size'] : undefined;
  if (size === undefined) {
    if (!Array.isArray(data)) return fail(`The input "${name}" has no "data".`);
    return { name, datatype, shape, data: fillTensor({ name, datatype, shape }, data) };
  }
  if (data !== undefined) return fail(`The input "${name}" has both "data" and binary data.`);
  if (rest === undefined || typeof size !== 'number' || !Number.isInteger(size) || size < 0 || rest.at + size > rest.bytes.byteLength) {
    return fail(`The binary data of the input "${name}" is not in the body.`);
  }
  const bytes = rest.bytes.subarray(rest.at, (rest.at += size));
  return { name, datatype, shape, data: readBinary(name, { datatype, count }, bytes) };
}

function datatypeOf(input: Fields, spec: TensorSpec): Datatype {
  const { datatype } = input;
  if (typeof datatype !== 'string' || !isDatatype(datatype)) {
    return fail(`The input "${spec.name}" has no known "datatype"; the model takes ${spec.datatype}.`);
  }
  if (datatype !== spec.datatype) return fail(`The input "${spec.name}" is ${datatype}; the model takes ${spec.datatype}.`);
  return datatype;
}

function shapeOf(input: Fields, spec: TensorSpec): readonly number[] {
  const { shape } = input;
  const isShape = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((size) => typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= 0xffff_ffff);
  if (!isShape(shape)) return fail(`The input "${spec.name}" needs a "shape": a list of whole numbers.`);
  const fits = shape.length === spec.shape.length && spec.shape.every((size, index) => size < 0 || size === shape[index]);
  if (!fits)
    return fail(`The input "${spec.name}" has shape [${shape.join(', ')}]; the model takes [${spec.shape.join(', ')}], -1 being any size.`);
  return shape;
}

function readBinary(name: string, { datatype, count }: { datatype: Datatype; count: number }, bytes: Buffer): Tensor['data'] {
  const form = datatypeForms[datatype];
  if (form.bytes === undefined) return readTexts(name, count, bytes);
  if (bytes.byteLength !== count * form.bytes) {
    return fail(`The binary data of "${name}" has ${bytes.byteLength} bytes; ${count} elements of ${datatype} are ${count * form.bytes}.`);
  }
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  const data = form.view(copy);
  if (datatype.startsWith('FP')) {
    const bad = (data as Float64Array).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) return fail(`The element ${bad} of the input "${name}" is not a finite number.`);
  }
  return data;
}

function readTexts(name: string, count: number, bytes: Buffer): readonly string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    const end = at + 4 <= bytes.byteLength ? at + 4 + bytes.readUInt32LE(at) : Infinity;
    if (end > bytes.byteLength) return fail(`The binary data of "${name}" ends within a string.`);
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  if (texts.length !== count) return fail(`The binary data of "${name}" has ${texts.length} strings; its shape needs ${count}.`);
  return texts;
}

function outputsOf({ outputs }: Fields, signature: Signature): readonly string[] | undefined {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return undefined;
  if (!Array.isArray(outputs)) return fail('"outputs" must be a list.');
  return outputs.map((output: unknown) => {
    const name = isFields(output) ? output['name'] : undefined;
    if (typeof name !== 'string') return fail('Each of "outputs" needs a "name".');
    if (!signature.outputs.some((spec) => spec.name === name)) {
      return fail(`The model has no output "${name}"; it gives ${signature.outputs.map((spec) => spec.name).join(', ')}.`);
    }
    return name;
  });
}

function eventTimeOf({ parameters }: Fields): number | undefined {
  const value = isFields(parameters) ? parameters['event_time'] : undefined;
  if (value === undefined) return undefined;
  const time = typeof value === 'string' ? Date.parse(value) : value;
  // The range of times that a Date can hold.
  if (typeof time !== 'number' || !(Math.abs(time) <= 8.64e15)) {
    return fail('The parameter "event_time" must be milliseconds since 1970 or an ISO 8601 time.');
  }
  return Math.floor(time);
}
