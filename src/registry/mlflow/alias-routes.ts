import { field, type MlflowRoute, mlflowRoute } from '#tracking/index.ts';
import type { RegistryCommands } from '../commands.ts';
import { versionMessage } from './messages.ts';
import { checkAlias, checkName, checkVersion, inClientWords } from './refusals.ts';

const path = '2.0/mlflow/registered-models/alias';
const request = { name: field.text().required(), alias: field.text().required() };

/** Aliases of the MLflow protocol. */
export function aliasRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path,
      action: 'models:write',
      summary: 'Points an alias to a version',
      request: { ...request, version: field.text().required() },
      async handle(input, { context, project }) {
        const name = checkName(input.name);
        const alias = checkAlias(input.alias, true);
        const version = checkVersion(input.version);
        await inClientWords({ name, version: input.version, alias }, () =>
          registry.setAlias(context, { project, model: name, version, alias }),
        );
        return {};
      },
    }),
    mlflowRoute({
      method: 'delete',
      path,
      action: 'models:write',
      summary: 'Takes an alias away; one that is not there is fine',
      request,
      async handle(input, { context, project }) {
        const name = checkName(input.name);
        const alias = checkAlias(input.alias, false);
        await inClientWords({ name, alias }, () => registry.removeAlias(context, { project, model: name, alias }));
        return {};
      },
    }),
    mlflowRoute({
      method: 'get',
      path,
      action: 'models:read',
      summary: 'The version to which an alias points; latest is the newest one',
      request,
      async handle(input, { project }) {
        const name = checkName(input.name);
        const alias = checkAlias(input.alias, false);
        const isLatest = alias.toLowerCase() === 'latest';
        const version = isLatest ? 'latest' : `@${alias}`;
        const found = await inClientWords({ name, version: alias, alias }, () => registry.version(project, name, version));
        return { model_version: versionMessage(found) };
      },
    }),
  ];
}
