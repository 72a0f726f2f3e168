import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { type ObjectStore, parseDigest } from '#kernel/objects/index.ts';
import { readAccount } from './account-store.ts';
import { agentReport, type AgentReport } from './agent-wire.ts';
import { requireAgentOf } from './own-account.ts';
import { listRevisions } from './deployment-store.ts';
import { desiredState } from './desired-state.ts';
import { servingErrors } from './errors.ts';
import { type Environment, environments } from './model.ts';
import type { Workshop } from './service.ts';

const longestPollMs = 25_000;
/** How often to look without being woken: another server on the same database may have changed it. */
const lookEveryMs = 2_000;

const account = z.enum(environments);

export interface AgentEndpointsDeps {
  readonly workshop: Workshop;
  readonly objects: ObjectStore;
  readonly takeReport: (account: Environment, report: AgentReport) => Promise<void>;
  /** Fires when the server stops: nobody waits any longer. */
  readonly stopping: AbortSignal;
}

/** What agents call. Each may speak for its own account only. */
export function agentEndpoints({ workshop, objects, takeReport, stopping }: AgentEndpointsDeps): readonly Endpoint[] {
  const { database } = workshop.events;
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/agent/desired',
      id: 'serving.agent-desired',
      action: 'deployments:agent',
      summary: 'What an account should run; waits while it is still what the agent has',
      query: z.object({ account, version: z.coerce.number().int().default(-1) }),
      rawResult: 'application/json',
      async handle({ query, caller, request }) {
        requireAgentOf(caller.actor, query.account);
        const until = AbortSignal.any([stopping, request.signal]);
        const end = performance.now() + longestPollMs;
        for (;;) {
          const { desiredVersion } = await readAccount(database, query.account);
          const left = end - performance.now();
          if (desiredVersion !== query.version || left <= 0 || until.aborted)
            return Response.json(await desiredState(database, query.account));
          await workshop.desiredChanged.wait(Math.min(left, lookEveryMs), until);
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/agent/objects/{digest}',
      id: 'serving.agent-object',
      action: 'deployments:agent',
      summary: 'The bytes of a model file that the account should serve',
      params: z.object({ digest: z.string() }),
      query: z.object({ account }),
      rawResult: 'application/octet-stream',
      async handle({ params, query, caller }) {
        requireAgentOf(caller.actor, query.account);
        const digest = parseDigest(params.digest);
        const revisions = await listRevisions(database, { environment: query.account, states: ['starting', 'ready', 'serving'] });
        if (!revisions.some(({ modelDigest }) => modelDigest === digest))
          throw servingErrors['blob-not-desired']({ digest, account: query.account });
        const headers = { 'content-type': 'application/octet-stream', 'content-length': String(await objects.size(digest)) };
        return new Response(await objects.get(digest), { headers });
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/agent/report',
      id: 'serving.agent-report',
      action: 'deployments:agent',
      summary: 'What runs in an account and what it answered',
      bodyLimit: 8 * 1024 * 1024,
      body: agentReport.extend({ account }),
      result: z.object({ desiredVersion: z.number() }),
      async handle({ body, caller }) {
        requireAgentOf(caller.actor, body.account);
        await takeReport(body.account, body);
        return { desiredVersion: (await readAccount(database, body.account)).desiredVersion };
      },
    }),
  ];
}
