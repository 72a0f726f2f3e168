import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { VersionAddress } from '../service.ts';
import type { ModelDirectory } from './model.ts';
import { directoryShape, wireDirectory } from './wire.ts';

export function directoryEndpoints(registry: { directory(address: VersionAddress): Promise<ModelDirectory | undefined> }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/models/{model}/versions/{version}/directory',
      id: 'registry.get-model-directory',
      action: 'models:read',
      summary: 'What the MLmodel file of a version says: flavours, schema, environment; nothing when the version has no such file',
      params: z.object({ project: z.string(), model: z.string(), version: z.string() }),
      result: z.object({ directory: directoryShape.optional() }),
      async handle({ params }) {
        const directory = await registry.directory(params);
        return directory === undefined ? {} : { directory: wireDirectory(directory) };
      },
    }),
  ];
}
