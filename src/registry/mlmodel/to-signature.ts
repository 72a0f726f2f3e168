import type { Datatype, Signature, TensorSpec } from '../model.ts';
import type { ModelSchema, SchemaSide } from './model.ts';

/** numpy's names of types to those of the Open Inference Protocol. */
const datatypes: ReadonlyMap<string, Datatype> = new Map(
  Object.entries({
    bool: 'BOOL',
    uint8: 'UINT8',
    uint16: 'UINT16',
    uint32: 'UINT32',
    uint64: 'UINT64',
    int8: 'INT8',
    int16: 'INT16',
    int32: 'INT32',
    int64: 'INT64',
    float16: 'FP16',
    float32: 'FP32',
    float64: 'FP64',
    str: 'BYTES',
    object: 'BYTES',
    bytes: 'BYTES',
  } as const),
);

/**
 * The schema as tensors; undefined when inputs are columns, or when a side says nothing. Unnamed tensors are called `input` and
 * `output`, because the protocol wants names.
 */
export function toSignature({ inputs, outputs }: ModelSchema): Signature | undefined {
  if (inputs?.kind !== 'tensors' || outputs === undefined || outputs.kind !== 'tensors') return undefined;
  const read = { inputs: tensorsOf(inputs, 'input'), outputs: tensorsOf(outputs, 'output') };
  return {
    inputs: read.inputs.flatMap(({ spec }) => spec ?? []),
    outputs: read.outputs.flatMap(({ spec }) => spec ?? []),
    unservable: [...read.inputs, ...read.outputs].flatMap(({ spec, name, dtype }) => (spec === undefined ? [{ name, kind: dtype }] : [])),
  };
}

function tensorsOf(
  side: Extract<SchemaSide, { kind: 'tensors' }>,
  fallback: string,
): { name: string; dtype: string; spec: TensorSpec | undefined }[] {
  return side.tensors.map(({ name, dtype, shape }, index) => {
    const named = name ?? (side.tensors.length === 1 ? fallback : `${fallback}_${index}`);
    // Text of a fixed length is written like <U7 or |S3.
    const datatype = datatypes.get(dtype) ?? (/^[<>|=]?[US]\d*$/.test(dtype) ? 'BYTES' : undefined);
    return { name: named, dtype, spec: datatype === undefined ? undefined : { name: named, datatype, shape } };
  });
}
