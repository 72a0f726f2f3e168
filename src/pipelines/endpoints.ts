import { type Caller, type Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { definitionEndpoints } from './definition-endpoints.ts';
import { logEndpoints } from './log-endpoints.ts';
import type { Pipelines } from './pipelines.ts';
import { runEndpoints } from './run-endpoints.ts';

export type PipelineService = Omit<Pipelines, 'endpoints'>;

export function pipelineEndpoints(service: PipelineService, kernel: Pick<Kernel, 'events' | 'jobs'>): readonly Endpoint[] {
  return [...definitionEndpoints(service, kernel), ...runEndpoints(service, kernel), ...logEndpoints(service)];
}

export function contextOf(caller: Caller, project: string) {
  return { actor: caller.actor, project };
}
