export { field } from './field.ts';
export { MlflowError } from './mlflow-error.ts';
export { mlflowPaths } from './openapi.ts';
export { cleanReply, metricNumber, rawReply } from './reply.ts';
export { type MlflowCall, mlflowRoute, type MlflowRoute } from './route.ts';
export { mlflowDirectRoutes, mlflowAddresses } from './serve.ts';
