import type { MlflowCall } from './protocol/index.ts';
import type { ArtifactServices } from './artifact-routes.ts';
import { serverAddress } from './absolute-address.ts';
import { safePath } from './artifact-replies.ts';
import { field, mlflowRoute, type MlflowRoute } from './protocol/index.ts';

/** Uploads in parts through the proxy. The address names the folder, the message the file on the client's disk. */
export function multipartRoutes({ uploads, signer }: ArtifactServices): MlflowRoute[] {
  const path = '2.0/mlflow-artifacts/mpu';
  const part = { part_number: field.whole().required(), etag: field.text(), url: field.text() };
  return [
    mlflowRoute({
      method: 'post',
      path: `${path}/create/{folder*}`,
      action: 'runs:write',
      summary: 'Begins an upload in parts and gives an address for each',
      request: { path: field.text().required(), num_parts: field.whole() },
      handle: ({ path: local, num_parts: parts = 1 }, call) =>
        safePath(async () => {
          const { id, expiresAt } = await uploads.begin(targetOf(call, local), parts);
          const folder = `${serverAddress(call.http)}/projects/${encodeURIComponent(call.project)}/artifacts/parts/${id}`;
          const credentials = Array.from({ length: parts }, (_, index) => {
            const query = signer.sign({ way: 'part', project: call.project, path: `${id}/${index + 1}` }, expiresAt);
            return { url: `${folder}/${index + 1}?${query}`, part_number: index + 1, headers: {} };
          });
          return { upload_id: id, credentials };
        }),
    }),
    mlflowRoute({
      method: 'post',
      path: `${path}/complete/{folder*}`,
      action: 'runs:write',
      summary: 'Puts the parts of an upload together',
      request: { path: field.text().required(), upload_id: field.text().required(), parts: field.list(field.message(part)).required() },
      handle: ({ path: local, upload_id: upload, parts }, call) =>
        safePath(async () => {
          const named = parts.map(({ part_number: number, etag = '' }) => ({ number, tag: etag.replaceAll('"', '') }));
          await uploads.complete(targetOf(call, local), upload, named);
          return {};
        }),
    }),
    mlflowRoute({
      method: 'post',
      path: `${path}/abort/{folder*}`,
      action: 'runs:write',
      summary: 'Gives up an upload and removes its parts',
      request: { path: field.text().required(), upload_id: field.text().required() },
      handle: ({ path: local, upload_id: upload }, call) =>
        safePath(async () => {
          await uploads.abort(targetOf(call, local), upload);
          return {};
        }),
    }),
  ];
}

function targetOf({ project, params }: MlflowCall, local: string) {
  const file = local.split(/[/\\]/).findLast((each) => each !== '') ?? '';
  return { project, path: `${params['folder'] ?? ''}/${file}` };
}
