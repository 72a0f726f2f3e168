import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { RunViews } from './service.ts';
import { newRunViewShape, runViewChangeShape, runViewShape } from './wire.ts';

const base = '/api/v1/projects/{project}/run-views';
const inProject = z.object({ project: z.string() });
const ofView = inProject.extend({ view: z.string() });

export function runViewEndpoints(views: RunViews): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'tracking.list-run-views',
      action: 'runs:read',
      summary: 'Saved views of the runs table: the shared ones and those of the caller',
      params: inProject,
      result: z.object({ items: z.array(runViewShape) }),
      handle: async ({ params, caller }) => ({ items: await views.list(caller.actor, params.project) }),
    }),
    endpoint({
      method: 'post',
      path: base,
      id: 'tracking.create-run-view',
      action: 'runs:write',
      summary: 'Saves a view of the runs table',
      params: inProject,
      body: newRunViewShape,
      result: runViewShape,
      status: 201,
      handle: ({ params, body, caller }) => views.create(caller.actor, params.project, body),
    }),
    endpoint({
      method: 'get',
      path: `${base}/{view}`,
      id: 'tracking.get-run-view',
      action: 'runs:read',
      summary: 'One saved view',
      params: ofView,
      result: runViewShape,
      handle: ({ params: { project, view: id }, caller }) => views.get(caller.actor, { project, id }),
    }),
    endpoint({
      method: 'patch',
      path: `${base}/{view}`,
      id: 'tracking.edit-run-view',
      action: 'runs:write',
      summary: 'Renames a view, shares it, or saves another table under it; by its owner',
      params: ofView,
      body: runViewChangeShape,
      result: runViewShape,
      handle: ({ params: { project, view: id }, body, caller }) => views.edit(caller.actor, { project, id }, body),
    }),
    endpoint({
      method: 'delete',
      path: `${base}/{view}`,
      id: 'tracking.delete-run-view',
      action: 'runs:write',
      summary: 'Deletes a saved view; no run is touched',
      params: ofView,
      async handle({ params: { project, view: id }, caller }) {
        await views.delete(caller.actor, { project, id });
        return undefined;
      },
    }),
  ];
}
