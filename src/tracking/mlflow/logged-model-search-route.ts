import type { TrackingCommands } from '../commands.ts';
import type { ModelOrderTerm } from '../logged-models/search-store.ts';
import { experimentNumber } from './key-rules.ts';
import { loggedModelMessage } from './logged-model-message.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { parseFilter } from './search/index.ts';

const defaultPage = 100;
const largestPage = 50_000;

const dataset = { dataset_name: field.text(), dataset_digest: field.text() };

export function loggedModelSearchRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/logged-models/search',
    action: 'runs:read',
    summary: 'Finds logged models',
    request: {
      experiment_ids: field.list(field.text()).required(),
      filter: field.text(),
      datasets: field.list(field.message(dataset)),
      max_results: field.whole(),
      order_by: field.list(field.message({ field_name: field.text().required(), ascending: field.flag(), ...dataset })),
      page_token: field.text(),
    },
    async handle(input, { project }) {
      const limit = input.max_results === undefined || input.max_results === 0 ? defaultPage : input.max_results;
      if (limit < 1 || limit > largestPage)
        throw invalid(`Invalid value ${limit} for parameter 'max_results' supplied. It must be between 1 and ${largestPage}.`);
      const { models, next } = await tracking.searchLoggedModels({
        project,
        experiments: input.experiment_ids.map(experimentNumber),
        filter: parseFilter(input.filter ?? ''),
        datasets: (input.datasets ?? []).map(({ dataset_name: name, dataset_digest: digest }) => {
          if (name === undefined || name === '') throw invalid('`dataset_name` in the `datasets` clause must be specified.');
          return { name, digest: digest === '' ? undefined : digest };
        }),
        order: (input.order_by ?? []).map(orderTerm),
        after: input.page_token === '' ? undefined : input.page_token,
        limit,
      });
      return { models: models.map(loggedModelMessage), next_page_token: next };
    },
  });
}

const attributes = new Set(
  'name model_id model_type status source_run_id creation_timestamp creation_time creation_timestamp_ms last_updated_timestamp last_updated_time last_updated_timestamp_ms'.split(
    ' ',
  ),
);

interface OrderMessage {
  readonly field_name: string;
  readonly ascending: boolean | undefined;
  readonly dataset_name: string | undefined;
  readonly dataset_digest: string | undefined;
}

function orderTerm({ field_name: name, ascending = true, dataset_name: on, dataset_digest: digest }: OrderMessage): ModelOrderTerm {
  if ((on === undefined || on === '') && digest !== undefined && digest !== '')
    throw invalid('`dataset_digest` can only be specified if `dataset_name` is also specified.');
  const dot = name.indexOf('.');
  if (dot === -1) {
    if (!attributes.has(name)) throw invalid(`Invalid order by field name: ${name.slice(0, 200)}`);
    return { entity: undefined, key: name, ascending };
  }
  const [entity, key] = [name.slice(0, dot), name.slice(dot + 1)];
  if (entity !== 'metrics') throw invalid(`Invalid order by field name: ${name.slice(0, 200)}. Only metrics are supported.`);
  if (on === undefined || on === '') return { entity, key, ascending };
  return { entity, key, ascending, dataset: { name: on, digest: digest === '' ? undefined : digest } };
}

function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}
