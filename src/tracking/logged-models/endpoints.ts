import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { parseFilterTree } from '../search/parse-filter.ts';
import { parseOrderTerms } from '../search/order.ts';
import { loggedModelFileEndpoints } from './file-endpoints.ts';
import { wireLoggedModel } from './to-wire.ts';
import { createLoggedModelShape, editLoggedModelShape, loggedModelListQuery, loggedModelPageShape, loggedModelShape } from './wire.ts';

export const base = '/api/v1/projects/{project}/logged-models';
const inProject = z.object({ project: z.string() });
export const ofModel = inProject.extend({ model: z.string() });

export function loggedModelEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [...listEndpoints(tracking), ...oneEndpoints(tracking), ...loggedModelFileEndpoints(tracking)];
}

function listEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-logged-models',
      action: 'runs:read',
      summary: 'Logged models that fit a filter, in any order, page by page',
      params: inProject,
      query: loggedModelListQuery,
      result: loggedModelPageShape,
      async handle({ params: { project }, query: { filter = '', order = '', experiment, ...rest } }) {
        const { models, next } = await tracking.searchLoggedModels({
          ...rest,
          project,
          experiments: experiment === undefined ? undefined : [experiment],
          filter: parseFilterTree(filter),
          order: order === '' ? [] : parseOrderTerms(order),
        });
        return { items: models.map(wireLoggedModel), ...(next === undefined ? {} : { next }) };
      },
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'tracking.create-logged-model',
      action: 'runs:write',
      summary: 'Announces a model whose files come next',
      params: inProject,
      body: createLoggedModelShape,
      result: loggedModelShape,
      status: 201,
      async handle({ params: { project }, body: { experiment: name, ...body }, caller: { actor } }) {
        return wireLoggedModel(await tracking.createLoggedModel({ actor }, { ...body, project, experiment: { name } }));
      },
    }),
  ];
}

function oneEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${base}/{model}`,
      id: 'tracking.get-logged-model',
      action: 'runs:read',
      summary: 'One logged model, also when it is deleted',
      params: ofModel,
      result: loggedModelShape,
      handle: async ({ params: { project, model } }) => wireLoggedModel(await tracking.loggedModel(project, model, { deleted: true })),
    }),
    endpoint({
      method: 'patch',
      path: `${base}/{model}`,
      id: 'tracking.edit-logged-model',
      action: 'runs:write',
      summary: 'Adds parameters, sets or removes tags, says whether the files are there',
      params: ofModel,
      body: editLoggedModelShape,
      result: loggedModelShape,
      async handle({ params, body, caller: { actor } }) {
        return wireLoggedModel(await tracking.editLoggedModel({ actor }, { ...params, ...body }));
      },
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{model}`,
      id: 'tracking.delete-logged-model',
      action: 'runs:write',
      summary: 'Deletes a logged model; it can be restored',
      params: ofModel,
      result: loggedModelShape,
      async handle({ params: { project, model }, caller: { actor } }) {
        return wireLoggedModel(await tracking.deleteLoggedModel({ actor }, project, model));
      },
    }),
    endpoint({
      method: 'post',
      path: `${base}/{model}/restore`,
      id: 'tracking.restore-logged-model',
      action: 'runs:write',
      summary: 'Restores a deleted logged model',
      params: ofModel,
      result: loggedModelShape,
      async handle({ params: { project, model }, caller: { actor } }) {
        return wireLoggedModel(await tracking.restoreLoggedModel({ actor }, project, model));
      },
    }),
  ];
}
