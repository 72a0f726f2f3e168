import type { ExperimentRow } from '../store.ts';

/** Tables of logged models. */
export interface LoggedModelRow {
  number: number;
  /** `m-` and 32 hex digits. */
  id: string;
  project: string;
  /** Number of a row of `experiments`. */
  experiment: number;
  name: string;
  state: string;
  model_type: string | null;
  /** Id of the run that made it. */
  source_run: string | null;
  /** JSON of the actor. */
  created_by: string;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
}

export interface LoggedModelTables {
  logged_models: LoggedModelRow;
  logged_model_parameters: { model: number; name: string; value: string };
  logged_model_tags: { model: number; name: string; value: string };
  experiments: ExperimentRow;
}
