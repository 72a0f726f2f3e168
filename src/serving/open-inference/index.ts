export { jsonElements, writeInferResponse } from './write-infer-response.ts';
export { readEnvelope, readInferRequest, type BinaryPart, type InferEnvelope, type InferRequest } from './read-infer-request.ts';
