import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { z } from 'zod';
import type { PipelineService } from './service.ts';
import { pipelineToWire } from './to-wire.ts';
import { pipelineSchema } from './wire.ts';

const listSchema = z.object({ items: z.array(pipelineSchema) });

export function definitionEndpoints(service: PipelineService, { jobs }: Pick<Kernel, 'jobs'>): Endpoint[] {
  const schedulesOf = (project: string) => jobs.schedules(`pipelines/${project}/`);
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/pipelines',
      id: 'pipelines.list-pipelines',
      action: 'pipelines:read',
      summary: 'The pipelines of a project with their steps',
      params: z.object({ project: z.string() }),
      result: listSchema,
      async handle({ params: { project } }) {
        const schedules = await schedulesOf(project);
        return { items: (await service.pipelines(project)).map((pipeline) => pipelineToWire(pipeline, schedules)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/pipelines',
      id: 'pipelines.define',
      action: 'pipelines:write',
      summary: 'Reads ripen.yaml and the code of the project again',
      params: z.object({ project: z.string() }),
      result: listSchema,
      async handle({ params: { project }, caller }) {
        const defined = await service.define({ actor: caller.actor, project }, project);
        const schedules = await schedulesOf(project);
        return { items: defined.map((pipeline) => pipelineToWire(pipeline, schedules)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/pipelines/{pipeline}',
      id: 'pipelines.get-pipeline',
      action: 'pipelines:read',
      summary: 'One pipeline with its steps',
      params: z.object({ project: z.string(), pipeline: z.string() }),
      result: pipelineSchema,
      handle: async ({ params: { project, pipeline } }) =>
        pipelineToWire(await service.pipeline(project, pipeline), await schedulesOf(project)),
    }),
  ];
}
