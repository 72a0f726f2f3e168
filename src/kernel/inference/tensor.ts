/** Tensors as the Open Inference Protocol names them (its datatypes, row-major data). */

interface DatatypeForm {
  /** Size of one element; undefined for strings. */
  readonly bytes: number | undefined;
  /** Reads elements from packed little-endian bytes that start at an aligned offset. */
  readonly view: ((buffer: ArrayBuffer) => NumericData) | undefined;
}

export type NumericData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float16Array
  | Float32Array
  | Float64Array;

export const datatypeForms = {
  BOOL: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  UINT8: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  UINT16: { bytes: 2, view: (buffer) => new Uint16Array(buffer) },
  UINT32: { bytes: 4, view: (buffer) => new Uint32Array(buffer) },
  UINT64: { bytes: 8, view: (buffer) => new BigUint64Array(buffer) },
  INT8: { bytes: 1, view: (buffer) => new Int8Array(buffer) },
  INT16: { bytes: 2, view: (buffer) => new Int16Array(buffer) },
  INT32: { bytes: 4, view: (buffer) => new Int32Array(buffer) },
  INT64: { bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
  FP16: { bytes: 2, view: (buffer) => new Float16Array(buffer) },
  FP32: { bytes: 4, view: (buffer) => new Float32Array(buffer) },
  FP64: { bytes: 8, view: (buffer) => new Float64Array(buffer) },
  BYTES: { bytes: undefined, view: undefined },
} as const satisfies Readonly<Record<string, DatatypeForm>>;

export type Datatype = keyof typeof datatypeForms;

export function isDatatype(text: string): text is Datatype {
  return Object.hasOwn(datatypeForms, text);
}

/** What a model takes or gives under one name; -1 is a dimension of any size. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Strings for BYTES, the matching typed array otherwise (BOOL: bytes 0 and 1). */
  readonly data: NumericData | readonly string[];
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A zeroed array for `count` elements. */
export function emptyNumbers(datatype: Exclude<Datatype, 'BYTES'>, count: number): NumericData {
  const { bytes, view } = datatypeForms[datatype];
  return view(new ArrayBuffer(bytes * count));
}
