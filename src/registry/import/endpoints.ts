import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { RegistryCommands } from '../commands.ts';
import { importModelShape, versionOutcomesShape } from './wire.ts';

/** Where importers send what they read in another registry. */
export function importEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/imports/models',
      id: 'registry.import-model',
      action: 'models:write',
      summary: 'Keeps a model with the version numbers, stages, aliases and times that it has elsewhere',
      params: z.object({ project: z.string() }),
      body: importModelShape,
      bodyLimit: 64 * 1024 * 1024,
      result: versionOutcomesShape,
      handle: async ({ params, body, caller }) => ({
        items: await registry.importModel({ actor: caller.actor }, { ...params, ...body }),
      }),
    }),
  ];
}
