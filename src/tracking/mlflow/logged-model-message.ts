import { artifactAddress } from '../artifacts/artifact-address.ts';
import type { LoggedModel, LoggedModelState } from '../logged-models/model.ts';
import { metricNumber } from './protocol/index.ts';

const statusOf = {
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  'upload-failed': 'LOGGED_MODEL_UPLOAD_FAILED',
} as const satisfies Record<LoggedModelState, string>;

export function modelArtifactUri(model: Pick<LoggedModel, 'id' | 'experimentSequence' | 'experimentLocation'>): string {
  const address = { sequence: model.experimentSequence, location: model.experimentLocation };
  return artifactAddress(address, 'models', model.id, 'artifacts');
}

/** A logged model as MLflow's clients read it. */
export function loggedModelMessage(model: LoggedModel) {
  return {
    info: {
      model_id: model.id,
      experiment_id: String(model.experimentSequence),
      name: model.name,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      artifact_uri: modelArtifactUri(model),
      status: statusOf[model.state],
      model_type: model.modelType,
      source_run_id: model.sourceRun,
      tags: Object.entries(model.tags).map(([key, value]) => ({ key, value })),
    },
    data: {
      params: Object.entries(model.parameters).map(([key, value]) => ({ key, value })),
      metrics: model.metrics.map((metric) => ({
        key: metric.name,
        value: metricNumber(metric.value),
        timestamp: metric.time,
        step: metric.step,
        model_id: model.id,
        run_id: metric.run,
        dataset_name: metric.datasetName,
        dataset_digest: metric.datasetDigest,
      })),
    },
  };
}
