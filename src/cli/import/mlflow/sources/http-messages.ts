import type { SourceLoggedModel, SourceRun } from '../source.ts';
import { labelsOf, modelState } from '../words.ts';

/** MLflow's JSON. Whole numbers of 64 bits may be texts. */

type Whole = string | number;
export interface LabelMessage {
  readonly key: string;
  readonly value?: string;
}

export interface ExperimentMessage {
  readonly experiment_id: string;
  readonly name: string;
  readonly lifecycle_stage?: string;
  readonly creation_time?: Whole;
  readonly last_update_time?: Whole;
  readonly tags?: readonly LabelMessage[];
}

export interface MetricMessage {
  readonly key: string;
  readonly value?: Whole;
  readonly timestamp?: Whole;
  readonly step?: Whole;
  readonly run_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

interface DatasetInputMessage {
  readonly tags?: readonly LabelMessage[];
  readonly dataset?: {
    readonly name?: string;
    readonly digest?: string;
    readonly source_type?: string;
    readonly source?: string;
    readonly schema?: string;
    readonly profile?: string;
  };
}

export interface RunMessage {
  readonly info: {
    readonly run_id?: string;
    readonly run_uuid?: string;
    readonly run_name?: string;
    readonly experiment_id: string;
    readonly user_id?: string;
    readonly status?: string;
    readonly start_time?: Whole;
    readonly end_time?: Whole;
    readonly artifact_uri?: string;
    readonly lifecycle_stage?: string;
  };
  readonly data?: {
    readonly metrics?: readonly MetricMessage[];
    readonly params?: readonly LabelMessage[];
    readonly tags?: readonly LabelMessage[];
  };
  readonly inputs?: {
    readonly dataset_inputs?: readonly DatasetInputMessage[];
    readonly model_inputs?: readonly { readonly model_id: string }[];
  };
  readonly outputs?: { readonly model_outputs?: readonly { readonly model_id: string; readonly step?: Whole }[] };
}

export function runOf({ info, data = {}, inputs = {}, outputs = {} }: RunMessage): SourceRun {
  const tags = labelsOf(data.tags);
  return {
    id: info.run_id ?? info.run_uuid ?? '',
    experiment: info.experiment_id,
    name: tags['mlflow.runName'] ?? info.run_name ?? '',
    status: info.status ?? 'RUNNING',
    startedAt: Number(info.start_time ?? 0),
    finishedAt: info.end_time === undefined ? undefined : Number(info.end_time),
    deleted: info.lifecycle_stage === 'deleted',
    deletedAt: undefined,
    user: info.user_id ?? '',
    artifactUri: info.artifact_uri ?? '',
    tags,
    parameters: labelsOf(data.params),
    metrics: (data.metrics ?? []).map(({ key, value, timestamp, step }) => ({
      name: key,
      value: Number(value ?? 0),
      time: Number(timestamp ?? 0),
      step: Number(step ?? 0),
    })),
    datasets: (inputs.dataset_inputs ?? []).map(({ dataset = {}, tags: labels }) => ({
      name: dataset.name ?? '',
      digest: dataset.digest ?? '',
      sourceType: dataset.source_type ?? '',
      source: dataset.source ?? '',
      schema: dataset.schema,
      profile: dataset.profile,
      tags: labelsOf(labels),
    })),
    inputModels: (inputs.model_inputs ?? []).map(({ model_id: model }) => model),
    outputModels: (outputs.model_outputs ?? []).map(({ model_id: model, step }) => ({ model, step: Number(step ?? 0) })),
  };
}

export interface LoggedModelMessage {
  readonly info: {
    readonly model_id: string;
    readonly experiment_id: string;
    readonly name?: string;
    readonly status?: Whole;
    readonly model_type?: string;
    readonly source_run_id?: string;
    readonly creation_timestamp_ms?: Whole;
    readonly last_updated_timestamp_ms?: Whole;
    readonly artifact_uri?: string;
    readonly tags?: readonly LabelMessage[];
  };
  readonly data?: { readonly params?: readonly LabelMessage[]; readonly metrics?: readonly MetricMessage[] };
}

export function loggedModelOf({ info, data = {} }: LoggedModelMessage): SourceLoggedModel {
  const filled = (text: string | undefined) => (text === '' ? undefined : text);
  return {
    id: info.model_id,
    experiment: info.experiment_id,
    name: info.name ?? '',
    state: modelState(info.status ?? 'READY'),
    modelType: filled(info.model_type),
    sourceRun: filled(info.source_run_id),
    createdAt: Number(info.creation_timestamp_ms ?? 0),
    updatedAt: Number(info.last_updated_timestamp_ms ?? 0),
    artifactUri: info.artifact_uri ?? '',
    parameters: labelsOf(data.params),
    tags: labelsOf(info.tags),
  };
}
