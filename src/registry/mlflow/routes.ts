import type { MlflowRoute } from '#tracking/index.ts';
import type { RegistryCommands } from '../commands.ts';
import { aliasRoutes } from './alias-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { versionRoutes } from './version-routes.ts';

/** Everything of the MLflow protocol that the registry answers. */
export function mlflowRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [...modelRoutes(registry), ...versionRoutes(registry), ...aliasRoutes(registry), ...searchRoutes(registry)];
}
