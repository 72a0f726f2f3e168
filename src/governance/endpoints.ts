import { z } from 'zod';
import { proveConsistency, proveInclusion, type RipenEvent } from '#kernel/events/index.ts';
import { type Endpoint, endpoint, eventStream } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Audit } from './audit.ts';
import { followEvents } from './event-stream.ts';
import { consistencyProofSchema, eventPageSchema, inclusionProofSchema, verificationSchema } from './wire.ts';

const wholeNumber = z.coerce.number().int().min(0);

export function auditEndpoints({ events, database }: Pick<Kernel, 'events' | 'database'>, audit: Audit): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/events',
      id: 'events.list',
      action: 'events:read',
      summary: 'Events, newest first unless `after` is given',
      query: z.object({
        project: z.string().optional(),
        type: z.union([z.string(), z.array(z.string())]).optional(),
        subject: z.string().optional(),
        after: wholeNumber.optional(),
        before: wholeNumber.optional(),
        limit: wholeNumber.max(1000).default(100),
      }),
      result: eventPageSchema,
      async handle({ query: { project, type, subject, after, before, limit } }) {
        const types = type === undefined ? undefined : [type].flat();
        const order = after === undefined ? ('newest-first' as const) : ('oldest-first' as const);
        const upTo = before === undefined ? undefined : before - 1;
        const found = await events.find({ project, types, subject, after, upTo, order, limit: limit + 1 });
        const items = found.slice(0, limit).map(toWire);
        const next = found.length > limit ? items.at(-1)?.number : undefined;
        return { items, next, ...(await events.head()) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/events/stream',
      id: 'events.follow',
      action: 'events:read',
      summary: 'Events as they are written, as server-sent events; goes on after Last-Event-ID',
      query: z.object({ project: z.string().optional(), after: wholeNumber.optional() }),
      rawResult: 'text/event-stream',
      async handle({ query, request }) {
        const last = request.headers.get('last-event-id');
        const after = last !== null && /^\d+$/.test(last) ? Number(last) : (query.after ?? (await events.head()).size);
        return eventStream(followEvents(events, { project: query.project, after }, request.signal), request.signal);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/events/{number}/proof',
      id: 'events.prove-inclusion',
      action: 'events:read',
      summary: 'Proof that an event is in the log (RFC 9162)',
      params: z.object({ number: z.coerce.number().int().min(1) }),
      query: z.object({ size: wholeNumber.optional() }),
      result: inclusionProofSchema,
      async handle({ params, query }) {
        const proof = await proveInclusion(database, params.number, query.size);
        return { ...proof, path: [...proof.path], event: toWire(proof.event) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/events/consistency',
      id: 'events.prove-consistency',
      action: 'events:read',
      summary: 'Proof that the log of one size begins with the log of a smaller one (RFC 9162)',
      query: z.object({ size: wholeNumber, newSize: wholeNumber.optional() }),
      result: consistencyProofSchema,
      async handle({ query }) {
        const proof = await proveConsistency(database, query.size, query.newSize ?? (await events.head()).size);
        return { ...proof, path: [...proof.path] };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/events/verify',
      id: 'events.verify',
      action: 'events:write',
      summary: 'Checks every event, the Merkle tree and all signed checkpoints',
      result: verificationSchema,
      async handle({ caller }) {
        const verification = await audit.verify({ actor: caller.actor });
        return { ...verification, faults: [...verification.faults] };
      },
    }),
  ];
}

const toWire = (event: RipenEvent) => ({ ...event, actor: { ...event.actor }, data: { ...event.data } });
