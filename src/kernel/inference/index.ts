export { decodeTensors, encodeTensors, encodeText, type Frame, frameKinds, frameReader } from './frames.ts';
export type { ModelServerMessage, ModelServerSpec } from './model-server-protocol.ts';
export { plainRows } from './plain-rows.ts';
export {
  type Datatype,
  datatypeForms,
  elementCount,
  emptyNumbers,
  isDatatype,
  type NumericData,
  type Signature,
  type Tensor,
  type TensorSpec,
} from './tensor.ts';
