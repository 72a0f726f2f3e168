import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { createWorkDirectory, type WorkDirectory } from '#kernel/work-directory.ts';
import type { TrackingCommands } from '../commands.ts';
import { runListQuery } from '../wire.ts';
import { exportCsv, exportParquet } from './export.ts';
import { previewTable } from './preview.ts';
import { tablePreviewShape } from './wire.ts';

export interface RunTablesDeps {
  readonly kernel: Pick<Kernel, 'analytics' | 'home' | 'objects'>;
  readonly tracking: Pick<TrackingCommands, 'findRuns' | 'names' | 'artifact' | 'file'>;
}

export interface RunTables {
  readonly endpoints: readonly Endpoint[];
  start(): Promise<void>;
}

const folder = 'tracking-work';

/** What tracking does with tables and files: exports of runs, and looks into tables that runs kept. */
export function createRunTables(deps: RunTablesDeps): RunTables {
  const work = createWorkDirectory(deps.kernel.home, folder);
  return {
    endpoints: [exportEndpoint(deps), ...previewEndpoints(deps, work)],
    // What a killed server left behind.
    start: () => work.clear(),
  };
}

const columnList = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

function exportEndpoint({ kernel, tracking }: RunTablesDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/api/v1/projects/{project}/run-export',
    id: 'tracking.export-runs',
    action: 'runs:read',
    summary: 'All runs that fit a filter as one CSV or Parquet file',
    params: z.object({ project: z.string() }),
    query: runListQuery.omit({ limit: true, after: true, skip: true }).extend({
      format: z.enum(['csv', 'parquet']).default('csv'),
      column: columnList.optional(),
    }),
    rawResult: 'application/octet-stream',
    async handle({ params: { project }, query: { experiment, state, column, format, ...search } }) {
      const request = { ...search, project, experiments: experiment, states: state, columns: column };
      const body =
        format === 'csv'
          ? await exportCsv(tracking, request)
          : await exportParquet(tracking, request, { analytics: kernel.analytics, directory: join(kernel.home, folder, randomUUID()) });
      return new Response(body, {
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet',
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${project}-runs.${format}`)}`,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        },
      });
    },
  });
}

const pageQuery = z.object({
  artifact: z.string(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

function previewEndpoints({ kernel, tracking }: RunTablesDeps, work: WorkDirectory): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/runs/{run}/artifact-table',
      id: 'tracking.preview-artifact-table',
      action: 'runs:read',
      summary: 'Rows and schema of a CSV, TSV, Parquet or JSON-lines artifact',
      params: z.object({ project: z.string(), run: z.string() }),
      query: pageQuery,
      result: tablePreviewShape,
      async handle({ params, query: { artifact: name, ...page } }) {
        const artifact = await tracking.artifact(params, name);
        return work.within((directory) => previewTable({ ...kernel, directory }, artifact, page));
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/logged-models/{model}/artifact-table',
      id: 'tracking.preview-logged-model-table',
      action: 'runs:read',
      summary: 'Rows and schema of a CSV, TSV, Parquet or JSON-lines file of a logged model',
      params: z.object({ project: z.string(), model: z.string() }),
      query: pageQuery,
      result: tablePreviewShape,
      async handle({ params: { project, model }, query: { artifact: name, ...page } }) {
        const file = await tracking.file({ holder: { kind: 'logged-model', project, model }, name });
        return work.within((directory) => previewTable({ ...kernel, directory }, file, page));
      },
    }),
  ];
}
