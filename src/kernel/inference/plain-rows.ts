import { type Datatype, elementCount, emptyNumbers, isDatatype, type Tensor, type TensorSpec } from './tensor.ts';

/** Inputs of zeros and empty texts, to try a model with. */
export function plainRows(inputs: readonly TensorSpec[], rows: number): readonly Tensor[] {
  return inputs.map(({ name, datatype, shape: spec }) => {
    const shape = spec.map((size, index) => (size >= 0 ? size : index === 0 ? rows : 1));
    return { name, datatype: known(datatype), shape, data: plain(known(datatype), elementCount(shape)) };
  });
}

function known(datatype: string): Datatype {
  if (!isDatatype(datatype)) throw new Error(`the signature has the unknown datatype ${datatype}`);
  return datatype;
}

function plain(datatype: Datatype, count: number): Tensor['data'] {
  return datatype === 'BYTES' ? Array.from({ length: count }, () => '') : emptyNumbers(datatype, count);
}
