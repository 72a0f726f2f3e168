import { join } from 'node:path';
import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { datasetPath } from './dataset-endpoints.ts';
import type { DataDeps } from './deps.ts';
import { loadModes } from './model.ts';
import { receiveFile, receiveText } from './receive-file.ts';
import type { DataService } from './service.ts';
import { fileFormats } from './table/model.ts';
import { quarantineToWire, snapshotToWire } from './to-wire.ts';
import { quarantineSchema, snapshotSchema } from './wire.ts';

const base = '/api/v1/projects/{project}/datasets/{dataset}';
const largestContract = 1024 * 1024;

const loadQuery = z.object({
  format: z.enum(fileFormats).optional(),
  mode: z.enum(loadModes).default('append'),
  /** The digest of a contract, `latest` (of the newest checked snapshot) or `none`. */
  contract: z.string().default('latest'),
  /** What messages call the file; its ending tells the format when none is given. */
  file: z.string().min(1).max(300).default('upload'),
  /** Two loads with one key and the same bytes are one load. */
  key: z.string().min(1).max(200).optional(),
});

export function loadEndpoints({ contracts, publish, quarantine, work }: DataService, { kernel: { objects } }: DataDeps): Endpoint[] {
  const refusedPath = datasetPath.extend({ quarantine: z.string() });
  return [
    endpoint({
      method: 'post',
      path: `${base}/load`,
      id: 'data.load',
      action: 'datasets:write',
      summary: 'Loads a file: the body becomes the next snapshot, or is quarantined',
      status: 201,
      params: datasetPath,
      query: loadQuery,
      rawBody: 'application/octet-stream',
      result: z.object({ created: z.boolean(), snapshot: snapshotSchema }),
      handle: ({ params, query, caller, request }) =>
        work.within(async (directory) => {
          const { project, dataset } = params;
          const contract = await contracts.choose(project, dataset, query.contract);
          const path = join(directory, 'upload');
          await receiveFile(request, path);
          const published = await publish(
            { actor: caller.actor },
            {
              project,
              dataset,
              file: { path, name: query.file, format: query.format },
              mode: query.mode,
              contract,
              producer: { kind: 'upload', id: query.key ?? caller.requestId },
            },
          );
          return { created: published.created, snapshot: snapshotToWire(published.snapshot) };
        }),
    }),
    endpoint({
      method: 'post',
      path: `${base}/contracts`,
      id: 'data.put-contract',
      action: 'datasets:write',
      summary: 'Keeps a contract (YAML) for loads that name its digest',
      status: 201,
      params: datasetPath,
      query: z.object({ file: z.string().max(300).default('contract.yaml') }),
      rawBody: 'application/yaml',
      result: z.object({ digest: z.string() }),
      async handle({ query, request }) {
        const text = await receiveText(request, largestContract);
        return { digest: await contracts.put(text, query.file) };
      },
    }),
    endpoint({
      method: 'get',
      path: `${base}/quarantine`,
      id: 'data.list-quarantine',
      action: 'datasets:read',
      summary: 'Refused loads of a dataset, newest first',
      params: datasetPath,
      query: z.object({ limit: z.coerce.number().int().positive().max(500).default(100) }),
      result: z.object({ items: z.array(quarantineSchema) }),
      handle: async ({ params, query }) => ({
        items: (await quarantine.list(params.project, params.dataset, query.limit)).map(quarantineToWire),
      }),
    }),
    endpoint({
      method: 'get',
      path: `${base}/quarantine/{quarantine}`,
      id: 'data.get-quarantine',
      action: 'datasets:read',
      summary: 'One refused load with the broken rules and sample rows',
      params: refusedPath,
      result: quarantineSchema,
      handle: async ({ params }) => quarantineToWire(await quarantine.get(params.project, params.dataset, params.quarantine)),
    }),
    endpoint({
      method: 'get',
      path: `${base}/quarantine/{quarantine}/file`,
      id: 'data.download-quarantined-file',
      action: 'datasets:read',
      summary: 'The refused file as it came',
      params: refusedPath,
      rawResult: 'application/octet-stream',
      async handle({ params }) {
        const load = await quarantine.get(params.project, params.dataset, params.quarantine);
        const name = encodeURIComponent(load.source.name);
        const headers = {
          'content-type': 'application/octet-stream',
          'content-length': String(load.bytes),
          'content-disposition': `attachment; filename*=UTF-8''${name}`,
        };
        return new Response(await objects.get(load.source.digest), { headers });
      },
    }),
  ];
}
