import { field, MlflowError, type MlflowRoute, mlflowRoute, parseFilter, parseOrderByList } from '#tracking/index.ts';
import type { RegistryCommands } from '../commands.ts';
import { modelMessage, versionMessage } from './messages.ts';
import { inClientWords } from './refusals.ts';

const request = { filter: field.text(), max_results: field.whole(), order_by: field.list(field.text()), page_token: field.text() };

/** Searches of the registry, in the language of MLflow. */
export function searchRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/registered-models/search',
      action: 'models:read',
      summary: 'Registered models by filter, page by page',
      request,
      handle: (input, { project }) =>
        inClientWords({ name: '' }, async () => {
          const search = searchOf(input, { usual: 100, most: 1000 });
          const { items, next } = await registry.findModels({ project, ...search });
          const latest = await registry.newestByStage(items);
          return { registered_models: items.map((model) => modelMessage(model, latest(model))), next_page_token: next };
        }),
    }),
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/model-versions/search',
      action: 'models:read',
      summary: 'Model versions by filter, page by page',
      request,
      handle: (input, { project }) =>
        inClientWords({ name: '' }, async () => {
          const search = searchOf(input, { usual: 10_000, most: 200_000 });
          const { items, next } = await registry.findVersions({ project, ...search });
          return { model_versions: items.map(versionMessage), next_page_token: next };
        }),
    }),
  ];
}

interface Input {
  readonly filter: string | undefined;
  readonly max_results: number | undefined;
  readonly order_by: readonly string[] | undefined;
  readonly page_token: string | undefined;
}

function searchOf(
  { filter = '', max_results: limit, order_by: order = [], page_token: token }: Input,
  size: { usual: number; most: number },
) {
  if (limit !== undefined && (limit < 1 || limit > size.most)) {
    const problem =
      limit < 1 ? `It must be a positive integer, but got ${limit}` : `It must be at most ${size.most}, but got value ${limit}`;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${limit} for parameter 'max_results' supplied. ${problem}`);
  }
  const after = token === undefined || token === '' ? {} : { after: token };
  return { filter: parseFilter(filter), order: parseOrderByList(order), limit: limit ?? size.usual, ...after };
}
