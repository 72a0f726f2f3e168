import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { datasetPath } from './dataset-endpoints.ts';
import type { DataDeps } from './deps.ts';
import { dataErrors } from './errors.ts';
import type { DataService } from './service.ts';
import { diffSchemas } from './table/schema.ts';
import { snapshotToWire } from './to-wire.ts';
import { lineageSchema, profileSchema, rowPageSchema, schemaDiffSchema, snapshotSchema } from './wire.ts';

const wholeNumber = z.coerce.number().int().nonnegative();
const numberOrLatest = z.union([z.literal('latest'), z.coerce.number().int().positive()]);
const snapshotPath = datasetPath.extend({ snapshot: numberOrLatest });
const base = '/api/v1/projects/{project}/datasets/{dataset}/snapshots';

export function snapshotEndpoints(service: DataService, { kernel: { objects } }: DataDeps): Endpoint[] {
  const { snapshots, preview, lineage } = service;
  const find = ({ project, dataset, snapshot }: z.output<typeof snapshotPath>) =>
    snapshots.get(project, dataset, snapshot === 'latest' ? undefined : snapshot);
  const read = { method: 'get', action: 'datasets:read', params: snapshotPath } as const;

  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'data.list-snapshots',
      action: 'datasets:read',
      summary: 'Snapshots of a dataset, newest first',
      params: datasetPath,
      query: z.object({ limit: wholeNumber.max(500).default(100), before: wholeNumber.optional() }),
      result: z.object({ items: z.array(snapshotSchema) }),
      async handle({ params, query }) {
        await service.catalogue.get(params.project, params.dataset);
        return { items: (await snapshots.list(params.project, params.dataset, query)).map(snapshotToWire) };
      },
    }),
    endpoint({
      ...read,
      path: `${base}/{snapshot}`,
      id: 'data.get-snapshot',
      summary: 'One snapshot; `latest` is the newest',
      result: snapshotSchema,
      handle: async ({ params }) => snapshotToWire(await find(params)),
    }),
    endpoint({
      ...read,
      path: `${base}/{snapshot}/rows`,
      id: 'data.preview-rows',
      summary: 'Some rows of a snapshot, in the order they were loaded',
      query: z.object({ offset: wholeNumber.default(0), limit: wholeNumber.max(500).default(50) }),
      result: rowPageSchema,
      handle: async ({ params, query }) => preview.rows(await find(params), query),
    }),
    endpoint({
      ...read,
      path: `${base}/{snapshot}/profile`,
      id: 'data.get-profile',
      summary: 'Figures and histograms of every column, over the rows of the load or over all rows',
      query: z.object({ scope: z.enum(['load', 'all']).default('load') }),
      result: profileSchema,
      handle: async ({ params, query }) => preview.profile(await find(params), query.scope),
    }),
    endpoint({
      ...read,
      path: `${base}/{snapshot}/schema-diff`,
      id: 'data.diff-schemas',
      summary: 'What changed in the columns since another snapshot',
      query: z.object({ from: z.coerce.number().int().positive() }),
      result: schemaDiffSchema,
      async handle({ params, query }) {
        const [from, to] = [await find({ ...params, snapshot: query.from }), await find(params)];
        const changes = diffSchemas(from.schema, to.schema);
        return { breaking: changes.some((change) => change.breaking), changes };
      },
    }),
    endpoint({
      ...read,
      path: `${base}/{snapshot}/lineage`,
      id: 'data.get-lineage',
      summary: 'What produced a snapshot and which runs read it',
      result: lineageSchema,
      handle: async ({ params }) => lineage(await find(params)),
    }),
    endpoint({
      ...read,
      path: `${base}/{snapshot}/files/{file}`,
      id: 'data.download-file',
      summary: 'One Parquet file of a snapshot, counted from 1',
      params: snapshotPath.extend({ file: z.coerce.number().int().positive() }),
      rawResult: 'application/vnd.apache.parquet',
      async handle({ params }) {
        const snapshot = await find(params);
        const file = snapshot.files[params.file - 1];
        if (file === undefined) throw dataErrors['file-not-found']({ file: `file ${params.file} of snapshot ${snapshot.number}` });
        const name = `${snapshot.dataset}-${snapshot.number}-${params.file}.parquet`;
        const headers = {
          'content-type': 'application/vnd.apache.parquet',
          'content-length': String(file.bytes),
          'content-disposition': `attachment; filename="${name}"`,
        };
        return new Response(await objects.get(file.digest), { headers });
      },
    }),
  ];
}
