import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

interface JsonSchemaObject {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** The OpenAPI 3.1 document of the given endpoints, and of `more` paths that are described already. */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  version: string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {};
    Object.assign(paths[endpoint.path] ?? {}, { [endpoint.method]: operation(endpoint) });
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Ripen', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: { ...paths, ...more },
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(endpoint: Endpoint): Record<string, unknown> {
  return {
    operationId: endpoint.id,
    tags: [endpoint.id.split('.')[0]],
    summary: endpoint.summary,
    'x-action': endpoint.action,
    parameters: [...parameters('path', endpoint.params), ...parameters('query', endpoint.query)],
    ...requestBody(endpoint),
    responses: {
      [String(endpoint.status ?? 200)]: success(endpoint),
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined): unknown[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input') as JsonSchemaObject;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }));
}

function requestBody(endpoint: Endpoint): Record<string, unknown> {
  if (endpoint.rawBody !== undefined)
    return { requestBody: { required: true, content: { [endpoint.rawBody]: { schema: { type: 'string', format: 'binary' } } } } };
  if (endpoint.body === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(endpoint.body, 'input') } } } };
}

function success(endpoint: Endpoint): Record<string, unknown> {
  if (endpoint.rawResult !== undefined)
    return { description: 'Done', content: { [endpoint.rawResult]: { schema: { type: 'string', format: 'binary' } } } };
  if (endpoint.result === undefined) return { description: 'Done' };
  return { description: 'Done', content: { 'application/json': { schema: toJsonSchema(endpoint.result, 'output') } } };
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', unrepresentable: 'any', io });
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    hint: { type: 'string' },
    requestId: { type: 'string' },
    details: { type: 'object' },
  },
};
