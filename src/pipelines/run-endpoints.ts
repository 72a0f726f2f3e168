import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { z } from 'zod';
import { contextOf, type PipelineService } from './service.ts';
import { type PipelineRun, runStates, type StepRun, triggerKinds } from './model.ts';
import { pipelineRunsOfSteps, selectStepStates } from './step-store.ts';
import { explanationToWire, runDetailToWire, runToWire } from './to-wire.ts';
import { explanationSchema, pipelineRunDetailSchema, pipelineRunSchema } from './wire.ts';

const path = '/api/v1/projects/{project}/pipeline-runs';
const runParams = z.object({ project: z.string(), pipelineRun: z.string() });

export function runEndpoints(service: PipelineService, { events }: Pick<Kernel, 'events'>): Endpoint[] {
  const { database } = events;
  const detail = async (run: PipelineRun, steps: readonly StepRun[]) => {
    const cached = steps.flatMap((step) => step.cachedFrom ?? []);
    return runDetailToWire(run, steps, await pipelineRunsOfSteps(database, cached));
  };
  const started = async (run: PipelineRun) => runToWire(run, await service.steps(run));
  return [...readEndpoints(service, { database, detail }), ...changeEndpoints(service, started)];
}

function readEndpoints(
  service: PipelineService,
  {
    database,
    detail,
  }: {
    database: Kernel['database'];
    detail: (run: PipelineRun, steps: readonly StepRun[]) => Promise<z.input<typeof pipelineRunDetailSchema>>;
  },
): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path,
      id: 'pipelines.list-runs',
      action: 'pipelines:read',
      summary: 'Pipeline runs, newest first',
      params: z.object({ project: z.string() }),
      query: z.object({
        pipeline: z.string().optional(),
        state: z.enum(runStates).optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        after: z.string().optional(),
      }),
      result: z.object({ items: z.array(pipelineRunSchema), next: z.string().optional() }),
      async handle({ params, query: { after, limit, ...filter } }) {
        const runs = await service.pipelineRuns({ ...params, ...filter, before: after, limit: limit + 1 });
        const page = runs.slice(0, limit);
        const states = await selectStepStates(
          database,
          page.map((run) => run.id),
        );
        const byRun = Map.groupBy(states, (state) => state.pipelineRun);
        const items = page.map((run) => runToWire(run, byRun.get(run.id) ?? []));
        const last = page.at(-1);
        return runs.length > limit && last !== undefined ? { items, next: last.id } : { items };
      },
    }),
    endpoint({
      method: 'get',
      path: `${path}/{pipelineRun}`,
      id: 'pipelines.get-run',
      action: 'pipelines:read',
      summary: 'One pipeline run: graph, states, times, resource use, outputs, parameters',
      params: runParams,
      result: pipelineRunDetailSchema,
      async handle({ params }) {
        const run = await service.pipelineRun(params.project, params.pipelineRun);
        return detail(run, await service.steps(run));
      },
    }),
    endpoint({
      method: 'get',
      path: `${path}/{pipelineRun}/explanation`,
      id: 'pipelines.explain',
      action: 'pipelines:read',
      summary: 'Why each step ran or was reused',
      params: runParams,
      result: z.object({ items: z.array(explanationSchema) }),
      async handle({ params }) {
        const run = await service.pipelineRun(params.project, params.pipelineRun);
        return { items: (await service.explain(run)).map(explanationToWire) };
      },
    }),
  ];
}

function changeEndpoints(service: PipelineService, started: (run: PipelineRun) => Promise<z.input<typeof pipelineRunSchema>>): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/pipelines/{pipeline}/runs',
      id: 'pipelines.start-run',
      action: 'pipelines:write',
      summary: 'Starts a run of a pipeline as ripen.yaml and the code are now',
      status: 201,
      params: z.object({ project: z.string(), pipeline: z.string() }),
      body: z
        .object({
          parameters: z.record(z.string(), z.json()).optional(),
          fresh: z.boolean().optional(),
          trigger: z.object({ kind: z.enum(triggerKinds), event: z.number().int().optional() }).optional(),
        })
        .default({}),
      result: pipelineRunSchema,
      async handle({ params, body, caller }) {
        return started(await service.startRun(contextOf(caller, params.project), { ...params, ...body }));
      },
    }),
    endpoint({
      method: 'post',
      path: `${path}/{pipelineRun}/cancel`,
      id: 'pipelines.cancel-run',
      action: 'pipelines:write',
      summary: 'Ends a run; its running steps are stopped with everything they started',
      status: 202,
      params: runParams,
      result: pipelineRunSchema,
      async handle({ params, caller }) {
        const run = await service.pipelineRun(params.project, params.pipelineRun);
        await service.cancel(contextOf(caller, params.project), run);
        return started(await service.pipelineRun(params.project, params.pipelineRun));
      },
    }),
    endpoint({
      method: 'post',
      path: `${path}/{pipelineRun}/retry`,
      id: 'pipelines.retry-run',
      action: 'pipelines:write',
      summary: 'Starts a new run that goes on where this one failed, with the same code, parameters and data',
      status: 201,
      params: runParams,
      result: pipelineRunSchema,
      async handle({ params, caller }) {
        const run = await service.pipelineRun(params.project, params.pipelineRun);
        return started(await service.retry(contextOf(caller, params.project), run));
      },
    }),
  ];
}
