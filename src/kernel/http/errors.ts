import { defineErrors } from '../errors.ts';

export const httpErrors = defineErrors('http', {
  'invalid-input': {
    kind: 'input',
    message: (a: { where: string; problems: readonly { path: string; problem: string }[] }) =>
      `The ${a.where} of the request is not valid: ${a.problems.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ')}.`,
    hint: () => 'The OpenAPI document at /api/v1/openapi.json describes each endpoint.',
  },
  'malformed-json': {
    kind: 'input',
    message: (a: { reason: string }) => `The body is not JSON: ${a.reason}.`,
  },
  'body-too-large': {
    kind: 'limit',
    message: (a: { limit: number }) => `The body is larger than the ${a.limit} bytes that this endpoint takes.`,
    hint: () => 'Send it in smaller parts.',
  },
  'body-cut-off': {
    kind: 'input',
    message: (a: { received: number }) => `The connection ended in the middle of the body, after ${a.received} bytes.`,
    hint: () => 'Nothing was kept; send it again.',
  },
  'body-too-slow': {
    kind: 'input',
    message: (a: { seconds: number }) => `Nothing of the body arrived for ${a.seconds} seconds.`,
    hint: () => 'Nothing was kept; send it again.',
  },
  'bodies-overloaded': {
    kind: 'overloaded',
    message: () => 'Too many large requests are being received at once.',
    hint: () => 'Nothing was kept; send it again in a second, or in smaller parts.',
  },
  'no-such-endpoint': {
    kind: 'not-found',
    message: (a: { method: string; path: string }) => `There is no ${a.method} ${a.path}.`,
    hint: () => 'The OpenAPI document at /api/v1/openapi.json lists every endpoint.',
  },
  'foreign-host': {
    kind: 'not-allowed',
    message: (a: { host: string }) => `Ripen does not answer to the host name "${a.host}".`,
    hint: () => 'Open it by the address it printed at start, or add the name to RIPEN_HTTP_HOSTS.',
  },
  'foreign-origin': {
    kind: 'not-allowed',
    message: (a: { origin: string }) => `A page from ${a.origin} may not change anything here.`,
    hint: () => 'Requests from browsers must come from Ripen’s own pages.',
  },
  'port-taken': {
    kind: 'conflict',
    message: (a: { host: string; port: number }) => `Port ${a.port} on ${a.host} is already in use.`,
    hint: (a: { host: string; port: number }) => `Stop the program that uses it, or start Ripen with RIPEN_PORT=${a.port + 1}.`,
  },
});
