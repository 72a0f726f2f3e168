import type { TrackingCommands } from '../commands.ts';
import { traceRoutes } from './trace-routes.ts';
import { otlpRoutes } from './otlp-routes.ts';
import { assessmentRoutes } from './assessment-routes.ts';
import { evaluationDatasetRoutes } from './evaluation-dataset-routes.ts';
import { artifactRoutes, type ArtifactServices } from './artifact-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { experimentSearchRoutes } from './experiment-search-route.ts';
import { inputRoutes } from './input-routes.ts';
import { loggedModelRoutes } from './logged-model-routes.ts';
import { logRoutes } from './log-routes.ts';
import { metricRoutes } from './metric-routes.ts';
import { inMlflowWords } from './mlflow-words.ts';
import { notServedRoutes } from './not-served.ts';
import type { MlflowRoute } from './protocol/index.ts';
import { runRoutes } from './run-routes.ts';
import { runSearchRoutes } from './run-search-route.ts';
import { systemRoutes } from './system-routes.ts';

/** Everything of the MLflow protocol that tracking answers. */
export function mlflowRoutes(tracking: TrackingCommands, files: Omit<ArtifactServices, 'tracking'>): MlflowRoute[] {
  const areas = [
    experimentRoutes,
    experimentSearchRoutes,
    runRoutes,
    runSearchRoutes,
    logRoutes,
    metricRoutes,
    inputRoutes,
    loggedModelRoutes,
    assessmentRoutes,
    otlpRoutes,
    traceRoutes,
    evaluationDatasetRoutes,
  ];
  return [
    ...systemRoutes(),
    ...notServedRoutes(),
    ...areas.flatMap((routes) => routes(tracking)).map(inMlflowWords),
    ...artifactRoutes({ ...files, tracking }).map(inMlflowWords),
  ];
}
