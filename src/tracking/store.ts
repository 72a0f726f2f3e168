import type { ChunkSummary } from './metrics/metric-chunk.ts';

/** Tables of tracking. Runs, experiments and names have a small number inside, so that the rows of metrics stay compact. */

export interface ExperimentRow {
  number: number;
  id: string;
  project: string;
  /** Counted from 1 in its project; 0 is the experiment "Default". */
  sequence: number;
  name: string;
  /** Where its files are to lie; null for Ripen's own store. */
  artifact_location: string | null;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

export interface RunRow {
  number: number;
  id: string;
  project: string;
  experiment: number;
  name: string;
  state: string;
  started_at: number;
  finished_at: number | null;
  deleted_at: number | null;
  /** 1 for a run that was deleted because its experiment was. */
  deleted_with_experiment: number | null;
  /** JSON of the actor. */
  started_by: string;
  /** Who is shown as having started it: the actor's name, or whom the client named. */
  started_by_name: string;
  pipeline_run: string | null;
  parent_run: string | null;
  git_commit: string | null;
  dirty: number | null;
  code_digest: string | null;
  environment_digest: string | null;
  compute_target: string;
  cpu_ms: number | null;
  peak_memory_bytes: number | null;
  /** What a client sent to be recognised when it asks again. */
  request_key: string | null;
}

export interface InputRow {
  run: number;
  dataset: string;
  digest: string;
  /** 0 for a dataset that has no Ripen snapshot. */
  snapshot: number;
  context: string | null;
  /** JSON of names and texts. */
  tags: string | null;
  /** Number of a row of `input_details`. */
  details: number | null;
}

/**
 * The latest point of a metric. NaN is kept as null: SQLite has no NaN, and an order that both databases share needs it apart from the
 * numbers.
 */
export interface LatestRow {
  run: number;
  metric: number;
  step: number;
  time: number;
  value: number | null;
  /** Number of a row of `metric_subjects`; 0 for the run alone. */
  subject: number;
}

/** What a point measured besides its run; empty texts for what was not said. */
export interface SubjectRow {
  number: number;
  project: string;
  model: string;
  dataset_name: string;
  dataset_digest: string;
}

/** The latest point of a metric of a logged model on a dataset, by time, then step, then value; NaN is null. */
export interface ModelMetricRow {
  model: string;
  metric: number;
  dataset_name: string;
  dataset_digest: string;
  run: number;
  step: number;
  time: number;
  value: number | null;
}

/** Points as they arrived, packed; `metric_chunks` has those that were sealed. */
export interface PointsRow {
  run: number;
  metric: number;
  subject: number;
  /** In the order of arrival. */
  number: number;
  count: number;
  points: Uint8Array;
}

export interface ChunkRow extends ChunkSummary {
  number: number;
  run: number;
  metric: number;
  subject: number;
  points: Uint8Array;
}

export interface ArtifactRow {
  run: number;
  name: string;
  digest: string;
  size: number;
  media_type: string;
  stored_at: number;
}

/** A logged model that a run read or made. */
export interface RunModelRow {
  run: number;
  role: 'input' | 'output';
  model: string;
  step: number;
}

export type NameKind = 'metric' | 'parameter' | 'tag';

export interface TrackingTables {
  experiments: ExperimentRow;
  experiment_tags: { experiment: number; name: string; value: string };
  runs: RunRow;
  run_inputs: InputRow;
  input_details: { number: number; digest: string; body: string };
  run_models: RunModelRow;
  run_names: { number: number; project: string; kind: NameKind; name: string };
  run_parameters: { run: number; parameter: number; value: string; sort_key: string; number: number | null };
  run_tags: { run: number; tag: number; value: string; sort_key: string };
  metric_points: PointsRow;
  metric_chunks: ChunkRow;
  metric_latest: LatestRow;
  metric_subjects: SubjectRow;
  model_metrics: ModelMetricRow;
  run_artifacts: ArtifactRow;
}

/** The beginning of a text, short enough for an index entry of either database. */
export function sortKey(text: string): string {
  return text.slice(0, 100).toWellFormed();
}
