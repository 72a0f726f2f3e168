import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { deploymentPath } from './deployment-path.ts';
import { readLabelLines } from './labels/read-label-lines.ts';
import type { MonitoringService } from './service.ts';
import { labelSchema, receivedLabelsSchema } from './wire.ts';

export const mostLabels = 50_000;

export function labelEndpoints(service: MonitoringService): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/deployments/{deployment}/labels',
      id: 'monitoring.receive-labels',
      action: 'labels:write',
      summary: 'What became of predictions; durable when this answers, and of several labels of one prediction the last received holds',
      params: deploymentPath,
      body: z.object({ labels: z.array(labelSchema).min(1).max(mostLabels) }),
      bodyLimit: 16 * 1024 * 1024,
      result: receivedLabelsSchema,
      async handle({ params, body, caller }) {
        const { received, joined, repeated } = await service.receiveLabels({ actor: caller.actor }, params, body.labels);
        return { received, joined, unknown: received - joined, repeated };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/deployments/{deployment}/labels.ndjson',
      id: 'monitoring.receive-label-lines',
      action: 'labels:write',
      summary: 'Labels as JSON lines, all or none; plain or compressed with zstd or gzip',
      params: deploymentPath,
      rawBody: 'application/x-ndjson',
      result: receivedLabelsSchema,
      async handle({ params, request, caller }) {
        const labels = await readLabelLines(request.body ?? new Blob([]).stream());
        if (labels.length === 0) return { received: 0, joined: 0, unknown: 0, repeated: false };
        const { received, joined, repeated } = await service.receiveLabels({ actor: caller.actor }, params, labels);
        return { received, joined, unknown: received - joined, repeated };
      },
    }),
  ];
}
