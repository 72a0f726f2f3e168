import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { TrackingCommands } from '../commands.ts';
import { wireCurve, wirePoint } from '../to-wire.ts';
import { curveRequestShape, curveShape, latestMetricShape, pointShape } from './wire.ts';

const ofRun = z.object({ project: z.string(), run: z.string() });
const whole = z.coerce.number().int();

/** Where a page of a metric's history ended: `step.time`, or `step.time~value`. */
const placeShape = z
  .string()
  .regex(/^-?\d{1,16}\.-?\d{1,16}(~(NaN|-?Infinity|-?\d+(\.\d+)?(e[+-]?\d+)?))?$/)
  .transform((text) => {
    const [place = '', value] = text.split('~');
    const [step = 0, time = 0] = place.split('.').map(Number);
    return { step, time, ...(value === undefined ? {} : { value: Number(value) }) };
  });

export function metricEndpoints(tracking: TrackingCommands): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/runs/{run}/metrics',
      id: 'tracking.list-metrics',
      action: 'runs:read',
      summary: 'The latest point of each metric of a run',
      params: ofRun,
      result: z.object({ items: z.array(latestMetricShape) }),
      async handle({ params }) {
        const run = await tracking.run(params.project, params.run);
        return { items: run.metrics.map((metric) => ({ name: metric.name, ...wirePoint(metric) })) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/projects/{project}/runs/{run}/metrics/{metric}',
      id: 'tracking.get-metric-history',
      action: 'runs:read',
      summary: 'Every point of a metric in the order of step and time, page by page',
      params: ofRun.extend({ metric: z.string() }),
      query: z.object({
        fromStep: whole.optional(),
        toStep: whole.optional(),
        limit: whole.min(1).max(100_000).default(1000),
        after: placeShape.optional(),
      }),
      result: z.object({ items: z.array(pointShape), next: z.string().optional() }),
      async handle({ params, query }) {
        const { items, more } = await tracking.metricHistory(params, { ...query, metric: params.metric });
        const last = items.at(-1);
        return { items: items.map(wirePoint), ...(more && last !== undefined ? { next: `${last.step}.${last.time}~${last.value}` } : {}) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/projects/{project}/run-curves',
      id: 'tracking.get-curves',
      action: 'runs:read',
      summary: 'Metric curves of several runs for a chart, thinned to buckets that keep every peak',
      params: z.object({ project: z.string() }),
      body: curveRequestShape,
      result: z.object({ curves: z.array(curveShape) }),
      handle: async ({ params, body }) => ({ curves: (await tracking.metricCurves(params.project, body)).map(wireCurve) }),
    }),
  ];
}
