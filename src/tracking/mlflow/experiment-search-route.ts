import type { TrackingCommands } from '../commands.ts';
import { experimentMessage } from './experiment-message.ts';
import { field, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { checkPageSize } from './run-search-route.ts';
import { parseFilter, parseOrderByList } from './search/index.ts';
import { lifecycleOf, viewTypes } from './view-type.ts';

const mostExperiments = 50_000;

export function experimentSearchRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [searchRoute(tracking, 'post'), searchRoute(tracking, 'get')];
}

function searchRoute(tracking: TrackingCommands, method: 'get' | 'post'): MlflowRoute {
  return mlflowRoute({
    method,
    path: '2.0/mlflow/experiments/search',
    action: 'runs:read',
    summary: 'Experiments that fit a filter, in any order, page by page',
    request: {
      filter: field.text(),
      view_type: field.choice(viewTypes),
      max_results: field.whole(),
      order_by: field.list(field.text()),
      page_token: field.text(),
    },
    async handle({ filter = '', max_results: limit = 0, ...input }, { project }) {
      checkPageSize(limit, mostExperiments);
      // "Default" is there as soon as somebody looks.
      await tracking.experiment(project, { sequence: 0 });
      const { items, next } = await tracking.findExperiments({
        project,
        filter: parseFilter(filter),
        order: parseOrderByList(input.order_by ?? []),
        lifecycle: lifecycleOf(input.view_type),
        after: input.page_token === '' ? undefined : input.page_token,
        limit,
      });
      return { experiments: items.map(experimentMessage), next_page_token: next };
    },
  });
}
