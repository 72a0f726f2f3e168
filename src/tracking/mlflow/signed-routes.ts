import type { ArtifactServices } from './artifact-routes.ts';
import { serverAddress } from './absolute-address.ts';
import { checkArtifactPath } from '../artifacts/artifact-path.ts';
import type { Grant } from '../artifacts/address-signer.ts';
import { artifactAddress } from '../artifacts/artifact-address.ts';
import { replyWithFile, safePath } from './artifact-replies.ts';
import { field, type MlflowCall, mlflowRoute, MlflowError, type MlflowRoute, rawReply } from './protocol/index.ts';
import { receiveFile } from './receive-file.ts';

const downloadSeconds = 300;
const uploadSeconds = 900;
const longestSeconds = 7 * 24 * 60 * 60;

/** Addresses that open one file without other credentials, and the routes behind them. */
export function signedRoutes(services: ArtifactServices): MlflowRoute[] {
  return [...signingRoutes(services), ...openRoutes(services)];
}

function signingRoutes({ tracking, signer, clock }: ArtifactServices): MlflowRoute[] {
  const addressOf = (call: MlflowCall, way: Grant['way'], { path, seconds }: { path: string; seconds: number }) => {
    const query = signer.sign({ way, project: call.project, path }, clock.now() + seconds * 1000);
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return `${serverAddress(call.http)}/projects/${encodeURIComponent(call.project)}/artifacts/signed/${encoded}?${query}`;
  };
  const ofHolder = { run_id: field.text(), model_id: field.text(), path: field.text().required(), expiration: field.whole() };
  return [
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow-artifacts/presigned/{path*}',
      action: 'runs:read',
      summary: 'An address from which a file can be downloaded for some minutes',
      handle: (_input, call) =>
        safePath(async () => {
          const path = checkArtifactPath(call.params['path'] ?? '');
          const { size } = await tracking.file(await tracking.resolveArtifactPath(call.project, path));
          return { url: addressOf(call, 'get', { path, seconds: downloadSeconds }), headers: {}, file_size: size };
        }),
    }),
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/artifacts/presigned-upload-url',
      action: 'runs:write',
      summary: 'An address to which one file of a run or a logged model can be uploaded',
      request: ofHolder,
      handle: (input, call) =>
        safePath(async () => {
          const seconds = checkSeconds(input.expiration ?? uploadSeconds, uploadSeconds);
          const path = await pathOf(tracking, call, input);
          return { presigned_url: addressOf(call, 'put', { path, seconds }), headers: {} };
        }),
    }),
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/artifacts/presigned-download-url',
      action: 'runs:read',
      summary: 'An address from which one file of a run or a logged model can be downloaded',
      request: ofHolder,
      handle: (input, call) =>
        safePath(async () => {
          const seconds = checkSeconds(input.expiration ?? downloadSeconds, longestSeconds);
          const path = await pathOf(tracking, call, input);
          const { size } = await tracking.file(await tracking.resolveArtifactPath(call.project, path));
          return { presigned_url: addressOf(call, 'get', { path, seconds }), headers: {}, file_size: size };
        }),
    }),
  ];
}

function checkSeconds(seconds: number, most: number): number {
  if (seconds >= 1 && seconds <= most) return seconds;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `expiration must be between 1 and ${most} seconds (got ${seconds}).`);
}

/** The path below the proxy's root of a file that is named by its holder. */
async function pathOf(
  tracking: ArtifactServices['tracking'],
  { project }: MlflowCall,
  { run_id: run, model_id: model, path }: { run_id: string | undefined; model_id: string | undefined; path: string },
): Promise<string> {
  if ((run === undefined || run === '') === (model === undefined || model === ''))
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Exactly one of run_id and model_id must be provided.');
  const name = checkArtifactPath(path);
  if (run !== undefined && run !== '') {
    const { id, experimentSequence: sequence } = await tracking.run(project, run);
    return ownPath(artifactAddress({ sequence, location: undefined }, id, 'artifacts', name));
  }
  const { id, experimentSequence: sequence } = await tracking.loggedModel(project, model ?? '');
  return ownPath(artifactAddress({ sequence, location: undefined }, 'models', id, 'artifacts', name));
}

function ownPath(address: string): string {
  return address.slice(address.indexOf('/') + 1);
}

function openRoutes({ tracking, signer, uploads }: ArtifactServices): MlflowRoute[] {
  const path = '/artifacts/signed/{path*}';
  const placeOf = (call: MlflowCall, way: Grant['way']) => {
    const named = call.params['path'] ?? '';
    signer.check({ way, project: call.project, path: named }, call.http.query);
    return tracking.resolveArtifactPath(call.project, named);
  };
  return [
    mlflowRoute({
      method: 'get',
      path,
      action: 'public',
      summary: 'The file that a signed address names',
      handle: async (_input, call) => replyWithFile(tracking, call, await placeOf(call, 'get')),
    }),
    mlflowRoute({
      method: 'put',
      path,
      action: 'public',
      summary: 'Keeps the file that a signed address names',
      async handle(_input, call) {
        const place = await placeOf(call, 'put');
        const { digest } = await receiveFile(call.http, (content) => tracking.putFile(place, { content }));
        return rawReply({ status: 200, headers: { etag: `"${digest}"` } });
      },
    }),
    mlflowRoute({
      method: 'put',
      path: '/artifacts/parts/{upload}/{part}',
      action: 'public',
      summary: 'Keeps one part of an upload',
      async handle(_input, call) {
        const { upload = '', part = '' } = call.params;
        signer.check({ way: 'part', project: call.project, path: `${upload}/${part}` }, call.http.query);
        const { tag } = await receiveFile(call.http, (content) => uploads.add(upload, Number(part), content));
        return rawReply({ status: 200, headers: { etag: `"${tag}"` } });
      },
    }),
  ];
}
