import type { MlflowRoute } from './protocol/index.ts';
import { systemRoutes } from './system-routes.ts';

/** Everything of the MLflow protocol that tracking answers. */
export function mlflowRoutes(): MlflowRoute[] {
  return [...systemRoutes()];
}
