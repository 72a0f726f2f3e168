export { type Caller, type Endpoint, endpoint } from './endpoint.ts';
export { httpErrors } from './errors.ts';
export { type Admit, type HttpLog, mountEndpoints } from './mount.ts';
export { openApiDocument } from './openapi.ts';
export { type Problem, statusOfKind } from './problem.ts';
export { type HttpServer, listen } from './server.ts';
export { eventStream, type ServerSentEvent } from './server-sent-events.ts';
