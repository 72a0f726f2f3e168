import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { blobResponse, mediaTypeOf } from '#tracking/index.ts';
import type { RegistryCommands } from './commands.ts';
import { limits } from './names.ts';
import { wireCard } from './to-wire.ts';
import { cardShape, evaluationShape } from './wire.ts';

const base = '/api/v1/projects/{project}/models/{model}/versions/{version}';
const ofVersion = z.object({ project: z.string(), model: z.string(), version: z.string() });

export function documentEndpoints(registry: RegistryCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/card`,
      id: 'registry.get-card',
      action: 'models:read',
      summary: 'The model card, and which of its required sections are filled',
      params: ofVersion,
      result: cardShape,
      handle: async ({ params }) => wireCard(await registry.card(params)),
    }),
    endpoint({
      method: 'put',
      path: `${base}/card`,
      id: 'registry.update-card',
      action: 'models:write',
      summary: 'Replaces the model card; with `replaces` only when nobody else has changed it',
      params: ofVersion,
      body: z.object({ text: z.string(), replaces: z.string().optional() }),
      bodyLimit: 8 * limits.card,
      result: cardShape,
      handle: async ({ params, body, caller }) => wireCard(await registry.updateCard({ actor: caller.actor }, { ...params, ...body })),
    }),
    endpoint({
      method: 'get',
      path: `${base}/evaluation`,
      id: 'registry.get-evaluation',
      action: 'models:read',
      summary: 'What the model scored on data it did not see; nothing when the version has no evaluation.json',
      params: ofVersion,
      result: z.object({ evaluation: evaluationShape.optional() }),
      async handle({ params }) {
        const evaluation = await registry.evaluation(params);
        return evaluation === undefined ? {} : { evaluation };
      },
    }),
    endpoint({
      method: 'get',
      path: `${base}/files/{file}`,
      id: 'registry.get-file',
      action: 'models:read',
      summary: 'The bytes of a file of the version, whole or a range',
      params: ofVersion.extend({ file: z.string() }),
      query: z.object({ download: z.stringbool().default(false) }),
      rawResult: 'application/octet-stream',
      async handle({ params, query, request }) {
        const file = await registry.file(params);
        const blob = { ...file, mediaType: mediaTypeOf(file.name), download: query.download };
        return blobResponse(request, blob, (range) => registry.readFile(file, range));
      },
    }),
  ];
}
