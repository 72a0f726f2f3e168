import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Workshop } from '../service.ts';
import { runListQuery } from '../wire.ts';
import { changeRuns, findRunIds } from './bulk.ts';
import { groupRuns } from './groups.ts';
import { fieldValues } from './values.ts';
import { bulkChangeShape, bulkResultShape, runGroupsShape, runIdsShape } from './wire.ts';

const inProject = z.object({ project: z.string() });
const textList = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

/** What the table of runs asks beside its pages: groups, values for completion, ids, changes of many runs. */
export function runTableEndpoints(workshop: Workshop): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-groups',
      id: 'tracking.group-runs',
      action: 'runs:read',
      summary: 'Runs that fit a filter, gathered by experiment, parameter, tag or parent run',
      params: inProject,
      query: runListQuery.omit({ after: true, skip: true, order: true }).extend({
        by: z.string().max(500),
        metric: textList.optional(),
      }),
      result: runGroupsShape,
      handle: ({ params, query: { experiment, state, metric = [], ...query } }) =>
        groupRuns(workshop, { ...query, ...params, experiments: experiment, states: state, metrics: metric.slice(0, 30) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-values',
      id: 'tracking.list-run-values',
      action: 'runs:read',
      summary: 'Values that a parameter, a tag or an attribute of runs has, for completion',
      params: inProject,
      query: z.object({
        field: z.string().max(500),
        prefix: z.string().max(100).default(''),
        limit: z.coerce.number().int().min(1).max(100).default(30),
      }),
      result: z.object({ items: z.array(z.string()) }),
      handle: async ({ params, query }) => ({ items: await fieldValues(workshop, { ...params, ...query }) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/run-ids',
      id: 'tracking.list-run-ids',
      action: 'runs:read',
      summary: 'The ids of the runs that fit a filter',
      params: inProject,
      query: runListQuery.extend({ limit: z.coerce.number().int().min(1).max(10_000).default(1000) }),
      result: runIdsShape,
      handle: ({ params, query: { experiment, state, ...query } }) =>
        findRunIds(workshop, { ...query, ...params, experiments: experiment, states: state }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/run-changes',
      id: 'tracking.change-runs',
      action: 'runs:write',
      summary: 'Deletes, restores or tags many runs',
      params: inProject,
      body: bulkChangeShape,
      result: bulkResultShape,
      handle: ({ params, body, caller }) => changeRuns(workshop, { actor: caller.actor, project: params.project }, { ...body, ...params }),
    }),
  ];
}
