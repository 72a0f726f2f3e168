/** Tables of tracking. Runs, experiments and names have a small number inside, so that the rows of metrics stay compact. */

export interface ExperimentRow {
  number: number;
  id: string;
  project: string;
  name: string;
  created_at: number;
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
  /** JSON of the actor. */
  started_by: string;
  /** The actor's name, for search. */
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
  details: string | null;
}

/** NaN is kept as null: SQLite has no NaN, and an order that both databases share needs it apart from the numbers. */
export interface PointRow {
  run: number;
  metric: number;
  step: number;
  time: number;
  value: number | null;
}

export interface ArtifactRow {
  run: number;
  name: string;
  digest: string;
  size: number;
  media_type: string;
  stored_at: number;
}

export type NameKind = 'metric' | 'parameter' | 'tag';

export interface TrackingTables {
  experiments: ExperimentRow;
  experiment_tags: { experiment: number; name: string; value: string };
  runs: RunRow;
  run_inputs: InputRow;
  run_names: { number: number; project: string; kind: NameKind; name: string };
  run_parameters: { run: number; parameter: number; value: string; sort_key: string; number: number | null };
  run_tags: { run: number; tag: number; value: string; sort_key: string };
  metric_points: PointRow;
  metric_latest: PointRow;
  run_artifacts: ArtifactRow;
}

/** The beginning of a text, short enough for an index entry of either database. */
export function sortKey(text: string): string {
  return text.slice(0, 100).toWellFormed();
}
