import { type RawBuilder, sql } from 'kysely';
import { type ColumnField, compileFilter, type CustomField, type SearchableFields } from '../search/index.ts';
import { traceFilterFields } from './trace-fields-store.ts';

export type View = 'traces' | 'spans' | 'assessments';
type Value = RawBuilder<unknown>;

export interface MeasuredView {
  readonly source: Value;
  readonly time: Value;
  readonly metrics: Readonly<Record<string, Value>>;
  readonly dimensions: Readonly<Record<string, Value>>;
}

/** What each view counts and measures; a metric without a value counts rows. */
export const views = {
  traces: {
    source: sql`traces`,
    time: sql`traces.requested_at`,
    metrics: {
      trace_count: sql`1`,
      session_count: sql`(select m.value from trace_metadata as m where m.trace = traces.number and m.name = 'mlflow.trace.session')`,
      latency: sql`traces.duration`,
      input_tokens: sql`traces.input_tokens`,
      output_tokens: sql`traces.output_tokens`,
      total_tokens: sql`traces.total_tokens`,
      cache_read_input_tokens: sql`traces.cache_read_tokens`,
      cache_creation_input_tokens: sql`traces.cache_creation_tokens`,
      input_cost: sql`traces.input_cost`,
      output_cost: sql`traces.output_cost`,
      total_cost: sql`traces.total_cost`,
    },
    dimensions: { trace_name: sql`traces.name`, trace_status: sql`traces.state` },
  },
  spans: {
    source: sql`trace_spans join traces on traces.number = trace_spans.trace`,
    time: sql`trace_spans.started_at / 1000`,
    metrics: {
      span_count: sql`1`,
      latency: sql`trace_spans.duration`,
      input_cost: sql`trace_spans.input_cost`,
      output_cost: sql`trace_spans.output_cost`,
      total_cost: sql`trace_spans.total_cost`,
    },
    dimensions: {
      span_name: sql`trace_spans.name`,
      span_type: sql`trace_spans.type`,
      span_status: sql`trace_spans.status`,
      span_model_name: sql`trace_spans.model`,
      span_model_provider: sql`trace_spans.provider`,
    },
  },
  assessments: {
    source: sql`trace_assessments join traces on traces.number = trace_assessments.trace`,
    time: sql`traces.requested_at`,
    metrics: { assessment_count: sql`1`, assessment_value: sql`trace_assessments.number` },
    dimensions: { assessment_name: sql`trace_assessments.name`, assessment_value: sql`trace_assessments.value` },
  },
} as const satisfies Record<View, MeasuredView>;

export function metricsOf(view: View): readonly string[] {
  return Object.keys(views[view].metrics);
}

export function dimensionsOf(view: View): readonly string[] {
  return Object.keys(views[view].dimensions);
}

const lower = (word: string) => word.toLowerCase();

const ownColumns: Readonly<Record<string, ColumnField>> = {
  'span.name': { type: 'text', column: 'trace_spans.name' },
  'span.type': { type: 'text', column: 'trace_spans.type' },
  'span.status': { type: 'text', column: 'trace_spans.status', toStored: lower },
  'span.model': { type: 'text', column: 'trace_spans.model' },
  'span.provider': { type: 'text', column: 'trace_spans.provider' },
  'assessment.name': { type: 'text', column: 'trace_assessments.name' },
  'assessment.type': { type: 'text', column: 'trace_assessments.kind', toStored: lower },
};

/** `trace.status`, `trace.tag.k`, `trace.metadata.k`, and the columns of the spans or assessments that are measured. */
export function filterFields(view: View): SearchableFields {
  const own = (prefix: string) => (key: string) =>
    Object.hasOwn(ownColumns, `${prefix}.${key}`) ? ownColumn(`${prefix}.${key}`) : undefined;
  return {
    row: 'traces.number',
    attributes: {},
    facts: {
      trace: traceField,
      ...(view === 'spans' ? { span: own('span') } : {}),
      ...(view === 'assessments' ? { assessment: own('assessment') } : {}),
    },
  };
}

function ownColumn(name: string): CustomField {
  const fields: SearchableFields = { row: 'traces.number', attributes: ownColumns };
  return { type: 'custom', test: (comparison, dialect) => compileFilter({ ...comparison, entity: undefined, key: name }, fields, dialect) };
}

function traceField(key: string): CustomField {
  const [, entity, rest] = /^(tag|tags|metadata|request_metadata)\.(.+)$/.exec(key) ?? [];
  return {
    type: 'custom',
    test: (comparison, dialect) => compileFilter({ ...comparison, entity, key: rest ?? key }, traceFilterFields, dialect),
  };
}
