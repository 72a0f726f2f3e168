import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { wireExperiment } from '../to-wire.ts';
import { experimentShape } from '../wire.ts';

export function experimentSearchEndpoint(tracking: TrackingCommands): Endpoint {
  return endpoint({
    method: 'get',
    path: '/api/v1/projects/{project}/experiment-search',
    id: 'tracking.search-experiments',
    action: 'runs:read',
    summary: 'Experiments that fit a filter, in any order, page by page',
    params: z.object({ project: z.string() }),
    query: z.object({
      filter: z.string().optional(),
      order: z.string().optional(),
      lifecycle: z.enum(['active', 'deleted', 'all']).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      after: z.string().optional(),
    }),
    result: z.object({ items: z.array(experimentShape), next: z.string().optional() }),
    async handle({ params, query }) {
      const { items, next } = await tracking.findExperiments({ ...params, ...query });
      return { items: items.map(wireExperiment), ...(next === undefined ? {} : { next }) };
    },
  });
}
