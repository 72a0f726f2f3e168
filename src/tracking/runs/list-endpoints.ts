import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { attributeNames } from '../search/filter.ts';
import { pruned, wantedColumns } from '../table/prune.ts';
import { wireComparison, wireRun } from '../to-wire.ts';
import { comparisonShape, runFieldsShape, runListQuery, runPageShape } from './wire.ts';

const base = '/api/v1/projects/{project}/runs';
const inProject = z.object({ project: z.string() });

export function runListEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-runs',
      action: 'runs:read',
      summary: 'Runs that fit a filter, in any order, page by page',
      params: inProject,
      query: runListQuery.extend({
        /** Ids of columns: of what runs logged only these come. */
        only: z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional(),
        /** Texts are cut to so many characters. */
        cut: z.coerce.number().int().min(1).optional(),
      }),
      result: runPageShape,
      async handle({ params, query }) {
        const { experiment: experiments, state: states, only, cut, ...rest } = query;
        const wanted = wantedColumns(only);
        const { items, next } = await tracking.findRuns({ ...rest, ...params, experiments, states });
        return { items: items.map((run) => pruned(wireRun(run), wanted, cut)), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-count',
      id: 'tracking.count-runs',
      action: 'runs:read',
      summary: 'How many runs fit a filter',
      params: inProject,
      query: runListQuery.omit({ limit: true, after: true, skip: true, order: true }),
      result: z.object({ count: z.number() }),
      async handle({ params, query }) {
        const { experiment: experiments, state: states, ...rest } = query;
        return { count: await tracking.countRuns({ ...rest, ...params, experiments, states }) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-fields',
      id: 'tracking.list-run-fields',
      action: 'runs:read',
      summary: 'Every name that filters, orders and columns of runs can use',
      params: inProject,
      result: runFieldsShape,
      async handle({ params: { project } }) {
        const names = async (kind: 'metric' | 'parameter' | 'tag') => [...(await tracking.names(project, kind))];
        return {
          metrics: await names('metric'),
          parameters: await names('parameter'),
          tags: await names('tag'),
          attributes: [...attributeNames],
        };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/run-comparison',
      id: 'tracking.compare-runs',
      action: 'runs:read',
      summary: 'Parameters, latest metrics, tags, inputs and origin of several runs side by side',
      params: inProject,
      body: z.object({ runs: z.array(z.string()).min(1) }),
      result: comparisonShape,
      handle: async ({ params, body }) => wireComparison(await tracking.compareRuns(params.project, body.runs)),
    }),
  ];
}
