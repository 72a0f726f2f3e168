import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import { readModelMetrics } from '../metrics/model-metric-store.ts';
import { readModelFacts } from './fact-store.ts';
import type { LoggedModel, LoggedModelId, LoggedModelState } from './model.ts';
import type { LabelledModelRow } from './model-store.ts';

/** Whole models of one project, in the order of the rows. */
export async function assembleModels(from: Queryable, project: string, rows: readonly LabelledModelRow[]): Promise<LoggedModel[]> {
  const numbers = rows.map(({ number }) => number);
  const parameters = await readModelFacts(from, 'logged_model_parameters', numbers);
  const tags = await readModelFacts(from, 'logged_model_tags', numbers);
  const ids = rows.map(({ id }) => id);
  const metrics = await readModelMetrics(from, project, ids);
  return rows.map((row) => ({
    id: row.id as LoggedModelId,
    project: row.project,
    experiment: row.experiment_name,
    experimentId: row.experiment_id,
    experimentSequence: row.experiment_sequence,
    experimentLocation: row.experiment_location ?? undefined,
    name: row.name,
    state: row.state as LoggedModelState,
    modelType: row.model_type ?? undefined,
    sourceRun: row.source_run ?? undefined,
    createdBy: JSON.parse(row.created_by) as Actor,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at ?? undefined,
    parameters: parameters.get(row.number) ?? {},
    tags: tags.get(row.number) ?? {},
    metrics: metrics.get(row.id) ?? [],
  }));
}
