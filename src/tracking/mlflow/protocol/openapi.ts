import type { MlflowRoute } from './route.ts';

/** The routes as the paths of an OpenAPI document, once each: below `/api/`, or where they are served as they are. */
export function mlflowPaths(routes: readonly MlflowRoute[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes.filter(({ documented }) => documented)) {
    const path = (route.path.startsWith('/') ? route.path : `/api/${route.path}`).replaceAll('*}', '}');
    paths[path] = { ...paths[path], [route.method]: operation(route, path) };
  }
  return paths;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

function operation(route: MlflowRoute, path: string): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const { properties = {}, required = [] }: ObjectSchema = route.schema ?? {};
  const parameter = (name: string, where: 'path' | 'query') => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: where === 'path' ? { type: 'string' } : (properties[name] ?? { type: 'string' }),
  });
  const inQuery = route.method === 'get' ? Object.keys(properties).filter((name) => !inPath.includes(name)) : [];
  return {
    operationId: `mlflow.${route.method}.${path}`,
    tags: ['mlflow'],
    summary: route.summary,
    'x-action': route.action,
    parameters: [...inPath.map((name) => parameter(name, 'path')), ...inQuery.map((name) => parameter(name, 'query'))],
    ...(route.method === 'get' ? {} : requestBody(route)),
    responses: {
      200: { description: 'Done' },
      default: {
        description: 'What went wrong',
        content: { 'application/json': { schema: errorSchema } },
      },
    },
  };
}

function requestBody({ takesMessage, schema }: MlflowRoute): Record<string, unknown> {
  const content = takesMessage
    ? { 'application/json': { schema } }
    : { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  return { requestBody: { content } };
}

const errorSchema = {
  type: 'object',
  required: ['error_code', 'message'],
  properties: { error_code: { type: 'string' }, message: { type: 'string' } },
};
