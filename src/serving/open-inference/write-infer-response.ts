import type { Tensor } from '#kernel/inference/index.ts';

export interface InferAnswer {
  readonly model: string;
  readonly version: string;
  readonly revision: string;
  readonly id: string;
  readonly outputs: readonly Tensor[];
}

/** Elements as JSON carries them: numbers, booleans, strings; what is not a finite number becomes null. */
export function jsonElements({ datatype, data }: Tensor): readonly unknown[] {
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, (value) => value !== 0);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Array.from(data, exactNumber);
  // Arrays of strings stay as they are.
  return Array.isArray(data) ? data : Array.from(data as Float64Array);
}

// In the engine, but not yet in the compiler's library.
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** A whole number of any size, digit by digit. */
function exactNumber(value: bigint): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : rawJson(value.toString());
}

/** The JSON body of an answer. */
export function writeInferResponse({ model, version, revision, id, outputs }: InferAnswer): string {
  return JSON.stringify({
    model_name: model,
    model_version: version,
    id,
    parameters: { revision },
    outputs: outputs.map((output) => ({ name: output.name, shape: output.shape, datatype: output.datatype, data: jsonElements(output) })),
  });
}
