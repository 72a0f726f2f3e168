import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { DataService } from './service.ts';
import { datasetToWire } from './to-wire.ts';
import { catalogueFields, datasetSummarySchema } from './wire.ts';

const projectPath = z.object({ project: z.string() });
export const datasetPath = projectPath.extend({ dataset: z.string() });

export function datasetEndpoints({ catalogue }: DataService): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/datasets',
      id: 'data.list-datasets',
      action: 'datasets:read',
      summary: 'All datasets of a project, each with its newest snapshot',
      params: projectPath,
      result: z.object({ items: z.array(datasetSummarySchema) }),
      handle: async ({ params }) => ({ items: (await catalogue.list(params.project)).map(datasetToWire) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/datasets',
      id: 'data.create-dataset',
      action: 'datasets:write',
      summary: 'Makes a dataset without data',
      status: 201,
      params: projectPath,
      body: z.object({ name: z.string(), ...catalogueFields }),
      result: datasetSummarySchema,
      async handle({ params, body, caller }) {
        const dataset = await catalogue.create({ actor: caller.actor }, params.project, body);
        return datasetToWire({ dataset, newest: undefined, quarantined: 0 });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/datasets/{dataset}',
      id: 'data.get-dataset',
      action: 'datasets:read',
      summary: 'One dataset with its newest snapshot',
      params: datasetPath,
      result: datasetSummarySchema,
      handle: async ({ params }) => datasetToWire(await catalogue.summary(params.project, params.dataset)),
    }),
    endpoint({
      method: 'patch',
      path: '/api/v1/projects/{project}/datasets/{dataset}',
      id: 'data.update-dataset',
      action: 'datasets:write',
      summary: 'Changes what the catalogue says of a dataset; an empty text empties a field',
      params: datasetPath,
      body: z.object(catalogueFields),
      result: datasetSummarySchema,
      async handle({ params: { project, dataset }, body, caller }) {
        await catalogue.update({ actor: caller.actor }, { project, name: dataset }, body);
        return datasetToWire(await catalogue.summary(project, dataset));
      },
    }),
  ];
}
