import type { ExperimentRow } from '../store.ts';

/** Tables of traces. A trace has a small number inside; its id is a client's choice and counts in its project only. */

export interface TraceRow {
  number: number;
  id: string;
  project: string;
  experiment: number;
  name: string | null;
  state: string;
  requested_at: number;
  duration: number | null;
  client_request_id: string | null;
  request_preview: string | null;
  response_preview: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  cache_read_tokens: number | null;
  cache_creation_tokens: number | null;
  input_cost: number | null;
  output_cost: number | null;
  total_cost: number | null;
  spans: number;
  /** 1 when a client told the trace itself; spans then add only what is missing. */
  told: number;
}

export interface SpanRow {
  trace: number;
  id: string;
  parent: string | null;
  name: string;
  type: string;
  status: string;
  /** Epoch microseconds: nanoseconds would not fit into the numbers of JavaScript. */
  started_at: number;
  /** Milliseconds. */
  duration: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  cache_read_tokens: number | null;
  cache_creation_tokens: number | null;
  input_cost: number | null;
  output_cost: number | null;
  total_cost: number | null;
  model: string | null;
  provider: string | null;
  /** Everything else, as JSON. */
  content: string;
}

export interface AssessmentRow {
  trace: number;
  id: string;
  name: string;
  kind: string;
  /** JSON. */
  value: string;
  /** The value as a number, for averages; a truth counts 1 or 0. */
  number: number | null;
  error: string | null;
  source_kind: string;
  source_id: string;
  span: string | null;
  rationale: string | null;
  metadata: string;
  overrides: string | null;
  valid: number;
  created_at: number;
  updated_at: number;
}

export interface IssueRow {
  number: number;
  id: string;
  project: string;
  experiment: number;
  name: string;
  description: string;
  status: string;
  severity: string | null;
  root_causes: string;
  categories: string;
  source_run: string | null;
  created_at: number;
  updated_at: number;
  created_by: string | null;
}

export interface TraceTables {
  experiments: ExperimentRow;
  traces: TraceRow;
  trace_tags: { trace: number; name: string; value: string; sort_key: string };
  trace_metadata: { trace: number; name: string; value: string; sort_key: string };
  trace_spans: SpanRow;
  trace_assessments: AssessmentRow;
  trace_runs: { trace: number; run: string };
  trace_prompts: { trace: number; name: string; version: string };
  trace_issues: IssueRow;
}
