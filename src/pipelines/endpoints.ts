import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { definitionEndpoints } from './definition-endpoints.ts';
import { logEndpoints } from './log-endpoints.ts';
import { runEndpoints } from './run-endpoints.ts';
import type { PipelineService } from './service.ts';

export function pipelineEndpoints(service: PipelineService, kernel: Pick<Kernel, 'events' | 'jobs'>): readonly Endpoint[] {
  return [...definitionEndpoints(service, kernel), ...runEndpoints(service, kernel), ...logEndpoints(service)];
}
