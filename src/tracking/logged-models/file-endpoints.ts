import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { blobResponse } from '../artifacts/blob-response.ts';
import { folderPageShape, folderQuery, wireEntry } from '../artifacts/folder-wire.ts';
import { zipResponse } from '../artifacts/zip-response.ts';
import type { TrackingCommands } from '../commands.ts';
import { artifactShape } from '../wire.ts';

const base = '/api/v1/projects/{project}/logged-models/{model}';
const ofModel = z.object({ project: z.string(), model: z.string() });
const ofFile = ofModel.extend({ file: z.string() });

const holderOf = ({ project, model }: z.infer<typeof ofModel>) => ({ kind: 'logged-model', project, model }) as const;

export function loggedModelFileEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/files`,
      id: 'tracking.list-logged-model-files',
      action: 'runs:read',
      summary: 'What lies directly in a folder of the model’s files',
      params: ofModel,
      query: folderQuery,
      result: folderPageShape,
      async handle({ params, query }) {
        const { items, next } = await tracking.fileFolder(holderOf(params), query);
        return { items: items.map(wireEntry), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'put',
      path: `${base}/files/{file}`,
      id: 'tracking.put-logged-model-file',
      action: 'runs:write',
      summary: 'Keeps a file with the model; the name is a path with its slashes encoded as %2F',
      params: ofFile,
      rawBody: 'application/octet-stream',
      result: artifactShape,
      handle: async ({ params, request }) =>
        tracking.putFile({ holder: holderOf(params), name: params.file }, { content: request.body ?? '' }),
    }),
    endpoint({
      method: 'get',
      path: `${base}/files/{file}`,
      id: 'tracking.get-logged-model-file',
      action: 'runs:read',
      summary: 'The bytes of a file of the model, whole or a range',
      params: ofFile,
      query: z.object({ download: z.stringbool().default(false), framed: z.stringbool().default(false) }),
      rawResult: 'application/octet-stream',
      async handle({ params, query, request }) {
        const file = await tracking.file({ holder: holderOf(params), name: params.file });
        return blobResponse(request, { ...file, ...query }, (range) => tracking.readArtifact(file, range));
      },
    }),
    endpoint({
      method: 'get',
      path: `${base}/zip`,
      id: 'tracking.zip-logged-model-files',
      action: 'runs:read',
      summary: 'All files of the model, or of one folder, as a ZIP file',
      params: ofModel,
      query: z.object({ folder: z.string().max(1000).default('') }),
      rawResult: 'application/zip',
      async handle({ params, query: { folder } }) {
        const { name } = await tracking.loggedModel(params.project, params.model);
        return zipResponse(await tracking.zipFolder({ holder: holderOf(params), name: folder }), folder === '' ? name : folder);
      },
    }),
  ];
}
