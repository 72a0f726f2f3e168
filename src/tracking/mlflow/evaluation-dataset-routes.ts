import type { TrackingCommands } from '../commands.ts';
import { evaluationDatasetMessage, evaluationRecordMessage, readRecords, readTags } from './evaluation-dataset-message.ts';
import { experimentNumber } from './key-rules.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { parseFilter, parseOrderByList } from './search/index.ts';

const base = '3.0/mlflow/datasets';
const ofOne = { dataset_id: field.text().required() } as const;
const experimentsOf = (ids: readonly string[]) => ids.map((id) => ({ sequence: experimentNumber(id) }));

export function evaluationDatasetRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    createRoute(tracking),
    ...oneRoutes(tracking),
    ...searchRoutes(tracking),
    ...tagRoutes(tracking),
    ...recordRoutes(tracking),
    ...useRoutes(tracking),
  ];
}

function createRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: `${base}/create`,
    action: 'runs:write',
    summary: 'Creates an evaluation dataset',
    request: { name: field.text().required(), experiment_ids: field.list(field.text()), tags: field.text(), created_by: field.text() },
    async handle({ name, experiment_ids: ids = [], tags, created_by: createdBy }, { project, context }) {
      const kept = Object.fromEntries(
        Object.entries(readTags(tags)).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      );
      const input = { project, name, experiments: experimentsOf(ids), tags: kept, createdBy };
      return { dataset: evaluationDatasetMessage(await tracking.createEvaluationDataset(context, input)) };
    },
  });
}

function oneRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'get',
      path: `${base}/{dataset_id}`,
      action: 'runs:read',
      summary: 'One evaluation dataset, without its records',
      request: ofOne,
      handle: async ({ dataset_id: id }, { project }) => ({
        dataset: evaluationDatasetMessage(await tracking.evaluationDataset({ project, id })),
      }),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${base}/{dataset_id}`,
      action: 'runs:write',
      summary: 'Deletes an evaluation dataset with its records',
      request: ofOne,
      async handle({ dataset_id: id }, { project, context }) {
        await tracking.deleteEvaluationDataset(context, { project, id });
        return {};
      },
    }),
  ];
}

const usualDatasets = 1000;

function searchRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return (['get', 'post'] as const).map((method) =>
    mlflowRoute({
      method,
      path: `${base}/search`,
      action: 'runs:read',
      summary: 'Evaluation datasets that fit a filter, page by page',
      request: {
        experiment_ids: field.list(field.text()),
        filter_string: field.text(),
        max_results: field.whole(),
        order_by: field.list(field.text()),
        page_token: field.text(),
      },
      async handle({ experiment_ids: ids = [], filter_string: filter = '', max_results: limit = usualDatasets, ...rest }, { project }) {
        const { items, next } = await tracking.findEvaluationDatasets({
          project,
          experiments: ids.length === 0 ? undefined : experimentsOf(ids),
          filter: parseFilter(filter),
          order: parseOrderByList(rest.order_by ?? []),
          after: rest.page_token === '' ? undefined : rest.page_token,
          limit: checkLimit(limit),
        });
        return { datasets: items.map(evaluationDatasetMessage), next_page_token: next };
      },
    }),
  );
}

function tagRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'patch',
      path: `${base}/{dataset_id}/tags`,
      action: 'runs:write',
      summary: 'Sets tags of an evaluation dataset; null takes one away',
      request: { ...ofOne, tags: field.text().required() },
      async handle({ dataset_id: id, tags }, { project, context }) {
        await tracking.tagEvaluationDataset(context, { project, id }, readTags(tags));
        return {};
      },
    }),
    mlflowRoute({
      method: 'delete',
      path: `${base}/{dataset_id}/tags/{key}`,
      action: 'runs:write',
      summary: 'Takes a tag of an evaluation dataset away',
      request: { ...ofOne, key: field.text().required() },
      async handle({ dataset_id: id, key }, { project, context }) {
        await tracking.tagEvaluationDataset(context, { project, id }, { [key]: undefined });
        return {};
      },
    }),
  ];
}

function recordRoutes(tracking: TrackingCommands): MlflowRoute[] {
  const path = `${base}/{dataset_id}/records`;
  return [
    mlflowRoute({
      method: 'post',
      path,
      action: 'runs:write',
      summary: 'Merges records into an evaluation dataset',
      request: { ...ofOne, records: field.text().required() },
      async handle({ dataset_id: dataset, records }, { project, context }) {
        const { inserted, updated } = await tracking.mergeEvaluationRecords(context, { project, dataset, records: readRecords(records) });
        return { inserted_count: inserted, updated_count: updated };
      },
    }),
    mlflowRoute({
      method: 'get',
      path,
      action: 'runs:read',
      summary: 'Records of an evaluation dataset, page by page',
      request: { ...ofOne, max_results: field.whole(), page_token: field.text() },
      async handle({ dataset_id: id, max_results: limit = usualDatasets, page_token: after }, { project }) {
        const page = { limit: checkLimit(limit), after: after === '' ? undefined : after };
        const { items, next } = await tracking.evaluationRecords({ project, id }, page);
        return { records: JSON.stringify(items.map((record) => evaluationRecordMessage(id, record))), next_page_token: next };
      },
    }),
    mlflowRoute({
      method: 'delete',
      path,
      action: 'runs:write',
      summary: 'Takes records of an evaluation dataset away',
      request: { ...ofOne, dataset_record_ids: field.list(field.text()) },
      async handle({ dataset_id: dataset, dataset_record_ids: records = [] }, { project, context }) {
        return { deleted_count: await tracking.deleteEvaluationRecords(context, { project, dataset, records }) };
      },
    }),
  ];
}

function useRoutes(tracking: TrackingCommands): MlflowRoute[] {
  const changes = [
    { name: 'add-experiments', used: true, summary: 'Says that experiments use an evaluation dataset' },
    { name: 'remove-experiments', used: false, summary: 'Says that experiments use an evaluation dataset no more' },
  ].map(({ name, used, summary }) =>
    mlflowRoute({
      method: 'post',
      path: `${base}/{dataset_id}/${name}`,
      action: 'runs:write',
      summary,
      request: { ...ofOne, experiment_ids: field.list(field.text()).required() },
      handle: async ({ dataset_id: id, experiment_ids: ids }, { project, context }) => ({
        dataset: evaluationDatasetMessage(
          await tracking.useEvaluationDataset(context, { project, id }, { experiments: experimentsOf(ids), used }),
        ),
      }),
    }),
  );
  return [
    ...changes,
    mlflowRoute({
      method: 'get',
      path: `${base}/{dataset_id}/experiment-ids`,
      action: 'runs:read',
      summary: 'Which experiments use an evaluation dataset',
      request: ofOne,
      handle: async ({ dataset_id: id }, { project }) => ({
        experiment_ids: (await tracking.evaluationDataset({ project, id })).experiments.map(String),
      }),
    }),
  ];
}

const mostResults = 10_000;

function checkLimit(limit: number): number {
  if (limit < 1 || limit > mostResults)
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be between 1 and ${mostResults}.`,
    );
  return limit;
}
