import { type Endpoint, endpoint, eventStream } from '#kernel/http/index.ts';
import { z } from 'zod';
import type { PipelineService } from './service.ts';

const path = '/api/v1/projects/{project}/pipeline-runs/{pipelineRun}/steps/{step}';
const stepParams = z.object({ project: z.string(), pipelineRun: z.string(), step: z.string() });
const offset = z.coerce.number().int().nonnegative();

export function logEndpoints(service: PipelineService): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: `${path}/log`,
      id: 'pipelines.read-log',
      action: 'pipelines:read',
      summary: 'What a step has printed, from byte `start` up to `end`',
      params: stepParams,
      query: z.object({ start: offset.default(0), end: offset.optional() }),
      rawResult: 'text/plain',
      async handle({ params: { project, pipelineRun, step }, query }) {
        const run = await service.pipelineRun(project, pipelineRun);
        const bytes = await service.logs.read(run.id, step, query);
        // Steps print what they like; a browser must take it for nothing but text.
        const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
        return new Response(new Uint8Array(bytes), { headers });
      },
    }),
    endpoint({
      method: 'get',
      path: `${path}/log-stream`,
      id: 'pipelines.follow-log',
      action: 'pipelines:read',
      summary: 'What a step prints, as it comes',
      params: stepParams,
      query: z.object({ start: offset.default(0) }),
      rawResult: 'text/event-stream',
      async handle({ params: { project, pipelineRun, step }, query, request }) {
        const run = await service.pipelineRun(project, pipelineRun);
        const last = offset.safeParse(request.headers.get('last-event-id') ?? undefined);
        // Tells about a step that does not exist before the stream begins.
        await service.logs.read(run.id, step, { start: 0, end: 0 });
        return eventStream(service.logs.follow(run.id, step, last.success ? last.data : query.start), request.signal);
      },
    }),
  ];
}
