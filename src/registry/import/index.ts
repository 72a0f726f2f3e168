export { importEndpoints } from './endpoints.ts';
export { type ImportModel, importModel } from './import-model.ts';
export type * from './wire.ts';
