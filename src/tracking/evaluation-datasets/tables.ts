import type { ExperimentRow } from '../store.ts';

export interface DatasetRow {
  number: number;
  id: string;
  project: string;
  name: string;
  /** JSON. */
  record_schema: string | null;
  digest: string;
  records: number;
  created_at: number;
  updated_at: number;
  created_by: string | null;
  updated_by: string | null;
}

/** Inputs, outputs, expectations, tags and source are JSON. */
export interface RecordRow {
  number: number;
  dataset: number;
  id: string;
  /** SHA-256 of the inputs in canonical JSON. */
  input_digest: string;
  inputs: string;
  outputs: string | null;
  expectations: string | null;
  tags: string;
  source: string | null;
  created_at: number;
  updated_at: number;
  created_by: string | null;
  updated_by: string | null;
}

export interface EvaluationTables {
  experiments: ExperimentRow;
  evaluation_datasets: DatasetRow;
  evaluation_dataset_tags: { dataset: number; name: string; value: string };
  evaluation_dataset_experiments: { dataset: number; experiment: number };
  evaluation_records: RecordRow;
}
