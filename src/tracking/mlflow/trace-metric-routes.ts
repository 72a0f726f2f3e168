import type { TrackingCommands } from '../commands.ts';
import type { Aggregation } from '../traces/measure-traces.ts';
import { experimentNumber } from './key-rules.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { parseFilter } from './search/index.ts';

const kinds = { COUNT: 'count', SUM: 'sum', AVG: 'mean', MIN: 'min', MAX: 'max' } as const;
const views = { TRACES: 'traces', SPANS: 'spans', ASSESSMENTS: 'assessments' } as const;
const mostPoints = 10_000;

export function traceMetricRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '3.0/mlflow/traces/metrics',
      action: 'runs:read',
      summary: 'Figures of traces, spans or assessments, by dimensions and time',
      request: {
        experiment_ids: field.list(field.text()).required(),
        view_type: field.choice({ TRACES: 1, SPANS: 2, ASSESSMENTS: 3 }).required(),
        metric_name: field.text().required(),
        aggregations: field
          .list(
            field.message({
              aggregation_type: field.choice({ COUNT: 1, SUM: 2, AVG: 3, PERCENTILE: 4, MIN: 5, MAX: 6 }).required(),
              percentile_value: field.number(),
            }),
          )
          .required(),
        dimensions: field.list(field.text()),
        filters: field.list(field.text()),
        time_interval_seconds: field.whole(),
        start_time_ms: field.whole(),
        end_time_ms: field.whole(),
        max_results: field.whole(),
        page_token: field.text(),
      },
      async handle(input, { project }) {
        const { metric_name: metric, max_results: most = 1000, page_token: after } = input;
        if (input.view_type === undefined)
          throw new MlflowError('INVALID_PARAMETER_VALUE', 'view_type must be TRACES, SPANS or ASSESSMENTS.');
        const aggregations = input.aggregations.map(({ aggregation_type: type, percentile_value: percent }) =>
          aggregationOf(type, percent),
        );
        const { points, next } = await tracking.measureTraces({
          project,
          experiments: input.experiment_ids.map((id) => ({ sequence: experimentNumber(id) })),
          view: views[input.view_type],
          metric,
          aggregations,
          dimensions: input.dimensions,
          filters: (input.filters ?? []).flatMap((filter) => parseFilter(filter) ?? []),
          interval: input.time_interval_seconds,
          from: input.start_time_ms,
          to: input.end_time_ms,
          limit: Math.min(Math.max(most, 1), mostPoints),
          after: after === '' ? undefined : after,
        });
        const names = aggregations.map(nameOf);
        return cleanReply({
          data_points: points.map(({ dimensions, time, values }) => ({
            metric_name: metric,
            dimensions: { ...inWords(dimensions), ...(time === undefined ? {} : { time_bucket: isoTime(time) }) },
            values: Object.fromEntries(values.flatMap((value, index) => (value === undefined ? [] : [[names[index], value]]))),
          })),
          next_page_token: next,
        });
      },
    }),
  ];
}

function aggregationOf(type: keyof typeof kinds | 'PERCENTILE' | undefined, percent: number | undefined): Aggregation {
  if (type === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', 'An aggregation has an unknown aggregation_type.');
  if (type !== 'PERCENTILE') return { kind: kinds[type] };
  if (percent === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', 'percentile_value is needed for the aggregation PERCENTILE.');
  return { kind: 'percentile', percent };
}

/** Clients look the values up by these names; a percentile is a Python float there. */
function nameOf(aggregation: Aggregation): string {
  if (aggregation.kind === 'percentile')
    return `P${Number.isInteger(aggregation.percent) ? aggregation.percent.toFixed(1) : aggregation.percent}`;
  return Object.entries(kinds).find(([, kind]) => kind === aggregation.kind)?.[0] ?? '';
}

function inWords(dimensions: Readonly<Record<string, string>>): Record<string, string> {
  const word = (name: string, value: string) =>
    name === 'trace_status' || name === 'span_status' ? value.toUpperCase().replace('-', '_') : value;
  return Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, word(name, value)]));
}

/** As Python writes a time of the zone UTC. */
function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/(?:\.000)?Z$/, '+00:00');
}
