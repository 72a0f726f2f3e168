import type { Clock } from '#kernel/clock.ts';
import type { TrackingCommands } from '../commands.ts';
import { artifactAddress } from '../artifacts/artifact-address.ts';
import { checkArtifactPath } from '../artifacts/artifact-path.ts';
import type { AddressSigner } from '../artifacts/address-signer.ts';
import type { MultipartUploads } from '../artifacts/multipart.ts';
import { runHolder } from '../artifacts/run-artifacts.ts';
import { foundPlace, listEntries, pathInFolder, replyWithFile, safePath } from './artifact-replies.ts';
import { multipartRoutes } from './multipart-routes.ts';
import { type MlflowCall, field, mlflowRoute, MlflowError, type MlflowRoute } from './protocol/index.ts';
import { receiveFile } from './receive-file.ts';
import { signedRoutes } from './signed-routes.ts';

export interface ArtifactServices {
  readonly clock: Clock;
  readonly tracking: TrackingCommands;
  readonly signer: AddressSigner;
  readonly uploads: MultipartUploads;
}

const pageLimit = 50_000;
const uploadLimit = 10 * 1024 * 1024;

/** Files: through the proxy, by run, by signed address, in parts. */
export function artifactRoutes(services: ArtifactServices): MlflowRoute[] {
  return [...proxyRoutes(services), ...runFileRoutes(services), ...signedRoutes(services), ...multipartRoutes(services)];
}

function proxyRoutes({ tracking }: ArtifactServices): MlflowRoute[] {
  const path = '2.0/mlflow-artifacts/artifacts';
  const placeOf = (call: MlflowCall) => safePath(() => tracking.resolveArtifactPath(call.project, call.params['path'] ?? ''));
  return [
    mlflowRoute({
      method: 'put',
      path: `${path}/{path*}`,
      action: 'runs:write',
      summary: 'Keeps a file',
      async handle(_input, call) {
        const place = await placeOf(call);
        await receiveFile(call.http, (content) => tracking.putFile(place, { content }));
        return {};
      },
    }),
    mlflowRoute({
      method: 'get',
      path: `${path}/{path*}`,
      action: 'runs:read',
      summary: 'The bytes of a file',
      handle: async (_input, call) => replyWithFile(tracking, call, await placeOf(call)),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${path}/{path*}`,
      action: 'runs:write',
      summary: 'Takes away a file or a folder; what is not there is no error',
      async handle(_input, call) {
        const place = await placeOf(call);
        if (place.holder.kind === 'project' && place.name === '') throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');
        await foundPlace(() => tracking.deleteFiles(call.context, place));
        return {};
      },
    }),
    mlflowRoute({
      method: 'get',
      path,
      action: 'runs:read',
      summary: 'What lies directly in a folder, by names within it',
      request: { path: field.text() },
      async handle({ path: folder }, call) {
        const { holder, name } = await safePath(() => tracking.resolveArtifactPath(call.project, folder ?? ''));
        const page = await foundPlace(() => tracking.fileFolder(holder, { folder: name, limit: pageLimit }));
        return { files: listEntries(page?.items ?? [], '') };
      },
    }),
  ];
}

function runFileRoutes({ tracking }: ArtifactServices): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/artifacts/list',
      action: 'runs:read',
      summary: 'What lies directly in a folder of a run’s artifacts',
      request: { run_id: field.text(), path: field.text(), page_token: field.text() },
      aliases: { run_uuid: 'run_id' },
      async handle({ run_id, path = '', page_token: after }, { project }) {
        const run = await tracking.run(project, needed(run_id, 'run_id'));
        const folder = pathInFolder(path);
        const page = await tracking.fileFolder(runHolder({ project, run: run.id }), { folder, after, limit: pageLimit });
        const address = { sequence: run.experimentSequence, location: run.experimentLocation };
        const root_uri = artifactAddress(address, run.id, 'artifacts');
        return { root_uri, files: listEntries(page.items, folder), next_page_token: page.next };
      },
    }),
    mlflowRoute({
      method: 'get',
      path: '/get-artifact',
      action: 'runs:read',
      summary: 'A file of a run, to be saved',
      request: { run_id: field.text(), path: field.text() },
      aliases: { run_uuid: 'run_id' },
      async handle({ run_id, path }, call) {
        const name = await safePath(async () => checkArtifactPath(needed(path, 'path')));
        return replyWithFile(tracking, call, { holder: runHolder({ project: call.project, run: needed(run_id, 'run_id') }), name });
      },
    }),
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/upload-artifact',
      action: 'runs:write',
      summary: 'Keeps a small file of a run',
      async handle(_input, { http, project }) {
        const run = asked(http.query.get('run_uuid') ?? http.query.get('run_id'), 'run_uuid');
        const path = asked(http.query.get('path'), 'path');
        const name = await safePath(async () => checkArtifactPath(path));
        if (Number(http.headers['content-length'] ?? 0) > uploadLimit) throw tooLarge();
        const content = await http.body(uploadLimit);
        if (content.length === 0) throw new MlflowError('INVALID_PARAMETER_VALUE', 'Request must specify data.');
        await tracking.putFile({ holder: runHolder({ project, run }), name }, { content });
        return {};
      },
    }),
  ];
}

function needed(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  const message = `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`;
  throw new MlflowError('INVALID_PARAMETER_VALUE', message);
}

function asked(value: string | null, name: string): string {
  if (value === null || value === '') throw new MlflowError('INVALID_PARAMETER_VALUE', `Request must specify ${name}.`);
  return value;
}

function tooLarge(): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', 'Artifact size is too large. Max size is 10MB.');
}
