import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { blobResponse } from './blob-response.ts';
import type { TrackingCommands } from '../commands.ts';
import { artifactShape } from './wire.ts';
import { folderPageShape, folderQuery, wireEntry } from './folder-wire.ts';
import { zipResponse } from './zip-response.ts';

const base = '/api/v1/projects/{project}/runs/{run}/artifacts';
const ofRun = z.object({ project: z.string(), run: z.string() });
const ofArtifact = ofRun.extend({ artifact: z.string() });

export function artifactEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-artifacts',
      action: 'runs:read',
      summary: 'What lies directly in a folder of the run’s artifacts',
      params: ofRun,
      query: folderQuery,
      result: folderPageShape,
      async handle({ params, query }) {
        const { items, next } = await tracking.artifactFolder(params, query);
        return { items: items.map(wireEntry), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'put',
      path: `${base}/{artifact}`,
      id: 'tracking.put-artifact',
      action: 'runs:write',
      summary: 'Keeps a file with the run; the name is a path with its slashes encoded as %2F',
      params: ofArtifact,
      rawBody: 'application/octet-stream',
      result: artifactShape,
      handle: async ({ params: { artifact, ...run }, request }) => tracking.putArtifact(run, artifact, { content: request.body ?? '' }),
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'tracking.link-artifact',
      action: 'runs:write',
      summary: 'Names a blob that is stored already as an artifact of the run',
      params: ofRun,
      body: z.object({ name: z.string(), digest: z.string() }),
      result: artifactShape,
      status: 201,
      handle: async ({ params, body }) => tracking.putArtifact(params, body.name, { digest: body.digest }),
    }),
    endpoint({
      method: 'get',
      path: `${base}/{artifact}`,
      id: 'tracking.get-artifact',
      action: 'runs:read',
      summary: 'The bytes of an artifact, whole or a range',
      params: ofArtifact,
      query: z.object({ download: z.stringbool().default(false), framed: z.stringbool().default(false) }),
      rawResult: 'application/octet-stream',
      async handle({ params: { artifact: name, ...run }, query, request }) {
        const artifact = await tracking.artifact(run, name);
        return blobResponse(request, { ...artifact, ...query }, (range) => tracking.readArtifact(artifact, range));
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/runs/{run}/artifacts-zip',
      id: 'tracking.zip-artifacts',
      action: 'runs:read',
      summary: 'All artifacts of the run, or of one folder, as a ZIP file',
      params: ofRun,
      query: z.object({ folder: z.string().max(1000).default('') }),
      rawResult: 'application/zip',
      async handle({ params: { project, run }, query: { folder } }) {
        const { name } = await tracking.run(project, run);
        return zipResponse(
          await tracking.zipFolder({ holder: { kind: 'run', project, run }, name: folder }),
          folder === '' ? name : folder,
        );
      },
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{artifact}`,
      id: 'tracking.delete-artifact',
      action: 'runs:write',
      summary: 'Takes an artifact, or a folder of them, away from the run',
      params: ofArtifact,
      async handle({ params: { artifact, ...run }, caller }) {
        await tracking.deleteArtifact({ actor: caller.actor }, run, artifact);
        return undefined;
      },
    }),
  ];
}
