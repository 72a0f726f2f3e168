import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Identity } from './identity.ts';
import { sessionCookie } from './authenticate.ts';
import { personas, scopes } from './model.ts';
import { meSchema, memberSchema, projectSchema, tokenSchema } from './wire.ts';

const projectPath = z.object({ project: z.string() });

export function identityEndpoints(identity: Omit<Identity, 'endpoints'>): readonly Endpoint[] {
  return [...projectEndpoints(identity), ...tokenEndpoints(identity)];
}

function projectEndpoints({ projects }: Omit<Identity, 'endpoints'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects',
      id: 'identity.list-projects',
      action: 'projects:read',
      summary: 'All projects',
      result: z.object({ items: z.array(projectSchema) }),
      handle: async () => ({ items: await projects.list() }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects',
      id: 'identity.create-project',
      action: 'projects:write',
      summary: 'Makes a project',
      status: 201,
      body: projectSchema.omit({ createdAt: true }).partial({ title: true }),
      result: projectSchema,
      handle: ({ body, caller }) => projects.create({ actor: caller.actor }, body),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}',
      id: 'identity.get-project',
      action: 'projects:read',
      summary: 'One project',
      params: projectPath,
      result: projectSchema,
      handle: ({ params }) => projects.project(params.project),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/members',
      id: 'identity.list-members',
      action: 'projects:read',
      summary: 'Who works in the project, and as what',
      params: projectPath,
      result: z.object({ items: z.array(memberSchema) }),
      handle: async ({ params }) => ({
        items: (await projects.members(params.project)).map((member) => ({ ...member, personas: [...member.personas] })),
      }),
    }),
    endpoint({
      method: 'put',
      path: '/api/v1/projects/{project}/members/{member}',
      id: 'identity.put-member',
      action: 'members:write',
      summary: 'Adds a person to the project, or changes their personas',
      params: projectPath.extend({ member: z.string() }),
      body: z.object({ name: z.string().min(1).max(200), personas: z.array(z.enum(personas)).min(1) }),
      result: memberSchema,
      async handle({ params, body, caller }) {
        const member = await projects.putMember({ actor: caller.actor }, params.project, { id: params.member, ...body });
        return { ...member, personas: [...member.personas] };
      },
    }),
  ];
}

function tokenEndpoints({ tokens, authenticate }: Omit<Identity, 'endpoints'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/me',
      id: 'identity.me',
      action: 'public',
      summary: 'Who the caller is',
      result: meSchema,
      async handle({ request }) {
        const { actor, scope } = await authenticate(request);
        return { ...actor, scope };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/tokens',
      id: 'identity.list-tokens',
      action: 'tokens:read',
      summary: 'All tokens, without their secrets',
      result: z.object({ items: z.array(tokenSchema) }),
      handle: async () => ({ items: await tokens.list() }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/tokens',
      id: 'identity.create-token',
      action: 'tokens:write',
      summary: 'Makes a token; the secret is shown this once',
      status: 201,
      body: z.object({
        label: z.string().min(1).max(200),
        scope: z.enum(scopes).exclude(['agent']),
        project: z.string().optional(),
        expiresAt: z.number().int().optional(),
        /** Whom the token stands for; the caller unless said. */
        person: z.object({ id: z.string().min(1).max(100), name: z.string().min(1).max(200) }).optional(),
      }),
      result: tokenSchema.extend({ secret: z.string() }),
      async handle({ body, caller }) {
        const { person, ...request } = body;
        const actor = person === undefined ? caller.actor : { kind: 'person' as const, ...person };
        const { token, secret } = await tokens.create({ actor: caller.actor }, { ...request, actor });
        return { ...token, secret };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/v1/tokens/{token}',
      id: 'identity.revoke-token',
      action: 'tokens:write',
      summary: 'Ends a token at once',
      params: z.object({ token: z.string() }),
      handle: ({ params, caller }) => tokens.revoke({ actor: caller.actor }, params.token).then(() => undefined),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/session',
      id: 'identity.sign-in',
      action: 'public',
      summary: 'Signs a browser in with the token of the Authorization header',
      rawResult: 'application/json',
      async handle({ request }) {
        const { actor } = await authenticate(request);
        const secret = (request.headers.get('authorization') ?? '').split(' ')[1];
        const headers = { 'content-type': 'application/json', ...(secret === undefined ? {} : { 'set-cookie': sessionCookie(secret) }) };
        return new Response(JSON.stringify(actor), { headers });
      },
    }),
  ];
}
