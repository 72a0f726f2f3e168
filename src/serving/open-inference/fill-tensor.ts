import { type Datatype, elementCount, emptyNumbers, type NumericData, type Tensor } from '#kernel/inference/index.ts';
import { servingErrors } from '../errors.ts';

interface Form {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** Whole-number datatypes and their bounds; 64-bit ones are bounded by what JSON numbers carry exactly. */
const bounds: Readonly<Partial<Record<Datatype, readonly [number, number]>>> = {
  UINT8: [0, 0xff],
  UINT16: [0, 0xffff],
  UINT32: [0, 0xffff_ffff],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT8: [-0x80, 0x7f],
  INT16: [-0x8000, 0x7fff],
  INT32: [-0x8000_0000, 0x7fff_ffff],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};
const largest: Readonly<Partial<Record<Datatype, number>>> = { FP16: 65_504, FP32: 3.402_823_466_385_288_6e38, FP64: Number.MAX_VALUE };

/**
 * The elements of a JSON tensor, nested or flat, in row-major order.
 * @throws `serving.infer-invalid`
 */
export function fillTensor(form: Form, data: readonly unknown[]): Tensor['data'] {
  const flat = data.length > 0 && Array.isArray(data[0]) ? flatten(form, data) : data;
  const count = elementCount(form.shape);
  if (flat.length !== count) {
    return refuse(form, `has ${flat.length} elements; its shape [${form.shape.join(', ')}] needs ${count}`);
  }
  if (form.datatype === 'BYTES') return texts(form, flat);
  const target = emptyNumbers(form.datatype, count);
  if (form.datatype === 'BOOL') fillBooleans(form, flat, target as Uint8Array);
  else if (form.datatype.startsWith('FP')) fillFloats(form, flat, target as Float64Array);
  else fillIntegers(form, flat, target);
  return target;
}

function refuse({ name }: Form, why: string): never {
  throw servingErrors['infer-invalid']({ why: `The input "${name}" ${why}.` });
}

function flatten(form: Form, data: readonly unknown[]): readonly unknown[] {
  const { shape } = form;
  const flat: unknown[] = [];
  const walk = (level: readonly unknown[], depth: number): void => {
    if (level.length !== shape[depth]) {
      refuse(
        form,
        `is nested unlike its shape [${shape.join(', ')}]: there are ${level.length} elements where ${shape[depth] ?? 'no'} belong`,
      );
    }
    if (depth === shape.length - 1) for (const element of level) flat.push(element);
    else
      for (const next of level)
        walk(Array.isArray(next) ? next : refuse(form, `is nested unlike its shape [${shape.join(', ')}]`), depth + 1);
  };
  walk(data, 0);
  return flat;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function texts(form: Form, flat: readonly unknown[]): readonly string[] {
  for (let index = 0; index < flat.length; index++) {
    const text = flat[index];
    if (typeof text !== 'string') refuse(form, `must hold strings; element ${index} is ${shown(text)}`);
    // Half a surrogate pair is no character: what was logged would differ from what the model saw.
    else if (!text.isWellFormed()) refuse(form, `must hold Unicode; element ${index} has half a character`);
  }
  // Each element has just been looked at.
  return flat as readonly string[];
}

function fillBooleans(form: Form, flat: readonly unknown[], target: Uint8Array): void {
  for (let index = 0; index < flat.length; index++) {
    const value = flat[index];
    if (value !== true && value !== false && value !== 0 && value !== 1)
      refuse(form, `must hold booleans; element ${index} is ${shown(value)}`);
    target[index] = Number(value);
  }
}

function fillFloats(form: Form, flat: readonly unknown[], target: Float64Array): void {
  const limit = largest[form.datatype] ?? Number.MAX_VALUE;
  for (let index = 0; index < flat.length; index++) {
    const value = flat[index];
    // JSON has no NaN; 1e999 is read as Infinity and fails here too.
    if (typeof value !== 'number' || !(Math.abs(value) <= limit)) {
      refuse(form, `must hold finite numbers of ${form.datatype}; element ${index} is ${typeof value === 'number' ? value : shown(value)}`);
    } else target[index] = value;
  }
}

function fillIntegers(form: Form, flat: readonly unknown[], target: NumericData): void {
  const [lower, upper] = bounds[form.datatype] ?? [0, 0];
  const wide = target instanceof BigInt64Array || target instanceof BigUint64Array;
  for (let index = 0; index < flat.length; index++) {
    const value = flat[index];
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      refuse(form, `must hold whole numbers; element ${index} is ${shown(value)}`);
    } else if (value < lower || value > upper) {
      const why = wide ? `cannot be carried exactly by a JSON number` : `is outside of ${form.datatype}`;
      refuse(form, `has ${value} as element ${index}, which ${why}`);
    } else if (wide) target[index] = BigInt(value);
    else target[index] = value;
  }
}
