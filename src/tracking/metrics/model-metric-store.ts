import type { Queryable } from '#kernel/database/index.ts';
import type { ModelMetric } from '../model.ts';
import type { TrackingTables } from '../store.ts';

const modelsAtOnce = 500;

/** The latest point of each metric of the models on each dataset, by model, in the order of name and dataset. */
export async function readModelMetrics(
  from: Queryable,
  project: string,
  models: readonly string[],
): Promise<ReadonlyMap<string, ModelMetric[]>> {
  const byModel = new Map<string, ModelMetric[]>(models.map((model) => [model, []]));
  const wanted = [...byModel.keys()];
  for (let start = 0; start < wanted.length; start += modelsAtOnce) {
    const rows = await from
      .query<TrackingTables>()
      .selectFrom('model_metrics as latest')
      .innerJoin('run_names as names', 'names.number', 'latest.metric')
      .innerJoin('runs', 'runs.number', 'latest.run')
      .select(['latest.model', 'names.name', 'latest.dataset_name', 'latest.dataset_digest'])
      .select(['runs.id as run', 'latest.step', 'latest.time', 'latest.value'])
      .where('latest.model', 'in', wanted.slice(start, start + modelsAtOnce))
      .where('names.project', '=', project)
      .orderBy('names.name')
      .orderBy('latest.dataset_name')
      .orderBy('latest.dataset_digest')
      .execute();
    for (const { model, dataset_name: datasetName, dataset_digest: datasetDigest, value, ...rest } of rows) {
      const dataset = { ...(datasetName === '' ? {} : { datasetName }), ...(datasetDigest === '' ? {} : { datasetDigest }) };
      byModel.get(model)?.push({ ...rest, value: value ?? Number.NaN, modelId: model, ...dataset });
    }
  }
  return byModel;
}
