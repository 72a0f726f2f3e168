import type { TrackingCommands } from '../commands.ts';
import type { MlflowRoute } from './protocol/index.ts';
import { traceEditRoutes } from './trace-edit-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { traceFileRoutes } from './trace-file-routes.ts';
import { traceInfoRoutes } from './trace-info-routes.ts';
import { traceMetricRoutes } from './trace-metric-routes.ts';
import { traceReadRoutes } from './trace-read-routes.ts';
import { traceSearchRoutes } from './trace-search-routes.ts';

export function traceRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [traceInfoRoutes, traceReadRoutes, traceSearchRoutes, traceEditRoutes, traceMetricRoutes, traceFileRoutes, issueRoutes].flatMap(
    (routes) => routes(tracking),
  );
}
