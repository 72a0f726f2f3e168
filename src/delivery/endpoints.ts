import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { ProjectDeployments } from './project-deployments.ts';
import type { Releases } from './releases.ts';
import { releaseStates } from './states.ts';
import { storyToWire, toWire } from './to-wire.ts';
import { declaredDeploymentSchema, releasePageSchema, releaseSchema, releaseStorySchema } from './wire.ts';

const projectPath = z.object({ project: z.string() });
const releasePath = projectPath.extend({ release: z.string() });
const base = '/api/v1/projects/{project}/releases';

export function deliveryEndpoints(releases: Releases, deployments: ProjectDeployments): readonly Endpoint[] {
  return [...readingEndpoints(releases, deployments), ...commandEndpoints(releases)];
}

function readingEndpoints(releases: Releases, deployments: ProjectDeployments): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: base,
      id: 'delivery.list-releases',
      action: 'releases:read',
      summary: 'Releases, the newest first',
      params: projectPath,
      query: z.object({
        deployment: z.string().optional(),
        model: z.string().optional(),
        state: z.enum(releaseStates).optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        after: z.coerce.number().int().min(1).optional().describe('The `next` of the page before.'),
      }),
      result: releasePageSchema,
      async handle({ params: { project }, query: { limit, after: before, ...filter } }) {
        const found = await releases.list({ project, ...filter, before, limit: limit + 1 });
        const items = found.slice(0, limit).map(toWire);
        const last = items.at(-1);
        return found.length > limit && last !== undefined ? { items, next: String(last.number) } : { items };
      },
    }),
    endpoint({
      method: 'get',
      path: `${base}/{release}`,
      id: 'delivery.get-release',
      action: 'releases:read',
      summary: 'One release with its gates, their checks, its approvals and its story',
      params: releasePath,
      result: releaseStorySchema,
      handle: async ({ params: { project, release } }) => storyToWire(await releases.story(project, release)),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/declared-deployments',
      id: 'delivery.list-declared-deployments',
      action: 'releases:read',
      summary: 'What ripen.yaml declares under `deployments:`; an error names every wrong line',
      params: projectPath,
      result: z.object({ items: z.array(declaredDeploymentSchema) }),
      async handle({ params: { project } }) {
        const declared = await deployments.list(project);
        return {
          items: declared.map(({ name, model, delivery }) => ({
            name,
            model,
            release: delivery.release,
            approvalsNeeded: delivery.approvals.needed,
          })),
        };
      },
    }),
  ];
}

function commandEndpoints(releases: Releases): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: base,
      id: 'delivery.create-release',
      action: 'releases:write',
      summary: 'Sends a model version through the gates to staging and production; it goes on by itself',
      status: 201,
      params: projectPath,
      body: z.object({
        deployment: z.string(),
        model: z.string().optional(),
        version: z.number().int().min(1),
        reason: z.string().trim().min(1).max(2000),
        deliberate: z.boolean().optional().describe('A rehearsal: the gates are expected to refuse it, and are not told.'),
      }),
      result: releaseSchema,
      handle: async ({ params: { project }, body, caller }) =>
        toWire(await releases.release({ actor: caller.actor }, { project, ...body })),
    }),
    endpoint({
      method: 'post',
      path: `${base}/{release}/approve`,
      id: 'delivery.approve-release',
      action: 'releases:write',
      summary: 'A person agrees that this digest may go to production',
      params: releasePath,
      body: z.object({ comment: z.string().max(2000).optional() }),
      result: releaseSchema,
      handle: async ({ params, body, caller }) => toWire(await releases.approve({ actor: caller.actor }, { ...params, ...body })),
    }),
    endpoint({
      method: 'post',
      path: `${base}/{release}/cancel`,
      id: 'delivery.cancel-release',
      action: 'releases:write',
      summary: 'Stops a release; in production its rollout is stopped and the traffic goes back',
      params: releasePath,
      body: z.object({ reason: z.string().trim().min(1).max(2000) }),
      result: releaseSchema,
      handle: async ({ params, body, caller }) => toWire(await releases.cancel({ actor: caller.actor }, { ...params, ...body })),
    }),
  ];
}
