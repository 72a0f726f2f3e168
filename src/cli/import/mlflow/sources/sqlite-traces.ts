import type { ForeignSqlite } from '#kernel/database/index.ts';
import type { SourceTrace } from '../source.ts';
import { sourceKind, traceState } from '../words.ts';
import { labelsBy, numberOf, optional, type Row, textOf } from './sqlite-rows.ts';

const tracesAtOnce = 50;

/** Traces of an experiment in pages by their ids, with those spans that the database keeps. */
export async function* readTraces(database: ForeignSqlite, experiment: string): AsyncGenerator<SourceTrace> {
  if (database.columns('trace_info').length === 0) return;
  const text = 'select * from trace_info where experiment_id = ? and request_id > ? order by request_id limit ?';
  for (let after = ''; ;) {
    const rows = [...database.rows(text, Number(experiment), after, tracesAtOnce)];
    const ids = rows.map((row) => textOf(row['request_id']));
    const tags = labelsBy(database, { table: 'trace_tags', owner: 'request_id' }, ids);
    const metadata = labelsBy(database, { table: 'trace_request_metadata', owner: 'request_id' }, ids);
    for (const row of rows) {
      const id = textOf(row['request_id']);
      yield traceOf(database, row, { experiment, tags: tags.get(id) ?? {}, metadata: metadata.get(id) ?? {} });
    }
    if (rows.length < tracesAtOnce) return;
    after = ids.at(-1) ?? '';
  }
}

function traceOf(
  database: ForeignSqlite,
  row: Row,
  { experiment, tags, metadata }: Pick<SourceTrace, 'experiment' | 'tags' | 'metadata'>,
): SourceTrace {
  const id = textOf(row['request_id']);
  const spans = spansOf(database, id);
  const name = optional(row['trace_name']);
  return {
    id,
    experiment,
    state: traceState(textOf(row['status'])),
    requestedAt: numberOf(row['timestamp_ms']) ?? 0,
    duration: numberOf(row['execution_time_ms']),
    clientRequestId: optional(row['client_request_id']),
    requestPreview: optional(row['request_preview']),
    responsePreview: optional(row['response_preview']),
    tags: name === undefined || tags['mlflow.traceName'] !== undefined ? tags : { ...tags, 'mlflow.traceName': name },
    metadata,
    assessments: assessmentsOf(database, id),
    ...(spans.length === 0 ? {} : { spans: `{"spans":[${spans.join(',')}]}` }),
    artifactUri: tags['mlflow.artifactLocation'],
  };
}

function spansOf(database: ForeignSqlite, trace: string): string[] {
  if (database.columns('spans').length === 0) return [];
  return [...database.rows('select content from spans where trace_id = ? order by start_time_unix_nano', trace)].map((row) =>
    textOf(row['content']),
  );
}

function assessmentsOf(database: ForeignSqlite, trace: string): SourceTrace['assessments'] {
  if (database.columns('assessments').length === 0) return [];
  return [...database.rows('select * from assessments where trace_id = ? order by created_timestamp', trace)].map((row) => ({
    id: textOf(row['assessment_id']),
    name: textOf(row['name']),
    content: contentOf(row),
    source: { kind: sourceKind(textOf(row['source_type'])), id: optional(row['source_id']) ?? 'default' },
    span: optional(row['span_id']),
    rationale: optional(row['rationale']),
    metadata: jsonOf(row['assessment_metadata']) as Record<string, string> | undefined,
    overrides: optional(row['overrides']),
    valid: row['valid'] !== 0,
    createdAt: numberOf(row['created_timestamp']),
    updatedAt: numberOf(row['last_updated_timestamp']),
  }));
}

type Content = SourceTrace['assessments'][number]['content'];

function contentOf(row: Row): Content {
  const value = (jsonOf(row['value']) ?? null) as Extract<Content, { kind: 'feedback' }>['value'];
  const kind = textOf(row['assessment_type']);
  if (kind === 'expectation') return { kind, value };
  if (kind === 'issue') return { kind, issue: textOf(row['name']) };
  const error = jsonOf(row['error']) as { error_code?: string; error_message?: string; stack_trace?: string } | undefined;
  if (error === undefined) return { kind: 'feedback', value };
  return { kind: 'feedback', value, error: { code: error.error_code ?? '', message: error.error_message, stack: error.stack_trace } };
}

/** Columns that hold JSON of MLflow; undefined where there is none. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return JSON.parse(value) ?? undefined;
  } catch {
    // Old versions kept plain texts here.
    return value;
  }
}
