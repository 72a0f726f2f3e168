import type { TrackingCommands } from '../commands.ts';
import { experimentNumber } from './key-rules.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { parseFilter, parseOrderByList } from './search/index.ts';
import { experimentOf } from './trace-info-routes.ts';
import { oldTraceInfoMessage, traceInfoMessage } from './trace-message.ts';

const mostTraces = 500;
const usualTraces = 100;

const page = {
  filter: field.text(),
  max_results: field.whole(),
  order_by: field.list(field.text()),
  page_token: field.text(),
} as const;

export function traceSearchRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '3.0/mlflow/traces/search',
      action: 'runs:read',
      summary: 'Traces that fit a filter, page by page',
      request: {
        locations: field
          .list(field.message({ type: field.text(), mlflow_experiment: field.message({ experiment_id: field.text().required() }) }))
          .required(),
        ...page,
      },
      async handle({ locations, ...rest }, { project }) {
        const { items, next } = await find(tracking, { project, numbers: locations.map(experimentOf), ...rest });
        return cleanReply({ traces: items.map(traceInfoMessage), next_page_token: next });
      },
    }),
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/traces',
      action: 'runs:read',
      summary: 'Traces that fit a filter, for clients before version 3',
      request: { experiment_ids: field.list(field.text()).required(), ...page },
      async handle({ experiment_ids: ids, ...rest }, { project }) {
        const { items, next } = await find(tracking, { project, numbers: ids.map(experimentNumber), ...rest });
        return cleanReply({ traces: items.map(oldTraceInfoMessage), next_page_token: next });
      },
    }),
    correlationRoute(tracking),
  ];
}

interface Wanted {
  readonly project: string;
  readonly numbers: readonly number[];
  readonly filter: string | undefined;
  readonly max_results: number | undefined;
  readonly order_by: readonly string[] | undefined;
  readonly page_token: string | undefined;
}

async function find(tracking: TrackingCommands, { project, numbers, ...wanted }: Wanted) {
  const limit = wanted.max_results ?? usualTraces;
  if (limit < 1 || limit > mostTraces)
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be between 1 and ${mostTraces}.`,
    );
  return tracking.findTraces({
    project,
    experiments: numbers.map((sequence) => ({ sequence })),
    filter: parseFilter(wanted.filter ?? ''),
    order: parseOrderByList(wanted.order_by ?? []),
    after: wanted.page_token === '' ? undefined : wanted.page_token,
    limit,
  });
}

function correlationRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '3.0/mlflow/traces/calculate-filter-correlation',
    action: 'runs:read',
    summary: 'How much two filters find the same traces',
    request: {
      experiment_ids: field.list(field.text()).required(),
      filter_string1: field.text().required(),
      filter_string2: field.text().required(),
      base_filter: field.text(),
    },
    async handle({ experiment_ids: ids, filter_string1: first, filter_string2: second, base_filter: base = '' }, { project }) {
      const found = await tracking.correlateFilters({
        project,
        experiments: ids.map((id) => ({ sequence: experimentNumber(id) })),
        filter: parseFilter(base),
        filters: [parseFilter(first), parseFilter(second)],
      });
      const figure = (value: number) => (Number.isNaN(value) ? 'NaN' : value);
      return cleanReply({
        npmi: figure(found.npmi),
        npmi_smoothed: figure(found.smoothed),
        filter1_count: found.first,
        filter2_count: found.second,
        joint_count: found.both,
        total_count: found.total,
      });
    },
  });
}
