import type { RevisionWire } from '#serving/wire.ts';

type Signature = RevisionWire['signature'];
type TensorSpec = Signature['inputs'][number];

/** Elements of one row: the product of the known dimensions behind the first. */
export function rowElements({ shape }: TensorSpec): number {
  return shape.slice(1).reduce((product, size) => product * Math.max(1, size), 1);
}

export function isText({ datatype }: TensorSpec): boolean {
  return datatype === 'BYTES';
}

/** An Open Inference Protocol request of one row. */
export function requestOf(signature: Signature, data: (spec: TensorSpec) => readonly (string | number | boolean)[]) {
  return {
    inputs: signature.inputs.map((spec) => ({
      name: spec.name,
      datatype: spec.datatype,
      shape: spec.shape.map((size, index) => (index === 0 ? 1 : Math.max(1, size))),
      data: data(spec),
    })),
  };
}

/** A command that asks the gateway for one prediction; the values are to be replaced. */
export function curlOf(url: string, signature: Signature): string {
  const body = requestOf(signature, (spec) => Array.from({ length: rowElements(spec) }, () => (isText(spec) ? 'text' : 0)));
  return `curl -s ${url} -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`;
}

export type ReadTensor = { readonly data: readonly (string | number | boolean)[] } | { readonly problem: string };

/** What was typed for one input of one row; several elements stand behind commas. */
export function readTensor(typed: string, spec: TensorSpec): ReadTensor {
  const count = rowElements(spec);
  const parts = count === 1 ? [typed] : typed.split(',').map((part) => part.trim());
  if (parts.length !== count) return { problem: `Write ${count} values with commas between them.` };
  if (isText(spec)) return { data: parts };
  if (spec.datatype === 'BOOL')
    return parts.every((part) => /^(?:true|false)$/.test(part.trim()))
      ? { data: parts.map((part) => part.trim() === 'true') }
      : { problem: 'Write true or false.' };
  const numbers = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.some((value) => !Number.isFinite(value))) return { problem: 'Write a number.' };
  if (/INT/.test(spec.datatype) && !numbers.every(Number.isSafeInteger)) return { problem: 'Write a whole number.' };
  return { data: numbers };
}
