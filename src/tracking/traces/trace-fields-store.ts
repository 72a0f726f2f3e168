import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import { compareLike, compareNumber, isSymbol } from '../search/compare-store.ts';
import type { Comparison } from '../search/filter-tree.ts';
import { type ColumnField, compileFilter, type CustomField, type FactsField, type SearchableFields } from '../search/index.ts';
import { traceMetadata, traceTag } from './well-known.ts';

type Test = RawBuilder<SqlBool>;
type Refuse = (problem: string) => Error;

const ofTrace = { trace: 'traces.number' } as const;
const textOperators = ['=', '!=', 'IN', 'NOT IN', 'LIKE', 'ILIKE', 'RLIKE', 'IS NULL', 'IS NOT NULL'] as const;

const stateWords: Readonly<Record<string, string>> = {
  in_progress: 'in-progress',
  trace_state_unspecified: 'unspecified',
  trace_status_unspecified: 'unspecified',
};
const stateOf = (word: string) => stateWords[word.toLowerCase()] ?? word.toLowerCase();

const columns = {
  'request_id id trace_id': { type: 'text', column: 'traces.id', operators: textOperators },
  'timestamp timestamp_ms request_time': { type: 'whole', column: 'traces.requested_at' },
  'execution_time execution_time_ms execution_duration duration': { type: 'whole', column: 'traces.duration', nullable: true },
  'end_time end_time_ms': { type: 'whole', column: sql`(traces.requested_at + traces.duration)`, nullable: true },
  'status state': { type: 'text', column: 'traces.state', operators: textOperators, toStored: stateOf },
  client_request_id: { type: 'text', column: 'traces.client_request_id', nullable: true, operators: textOperators },
  'name trace_name': { type: 'text', column: 'traces.name', nullable: true, operators: textOperators },
  'tokens total_tokens': { type: 'whole', column: 'traces.total_tokens', nullable: true },
  cost: { type: 'number', column: 'traces.total_cost', nullable: true },
  spans: { type: 'whole', column: 'traces.spans' },
} as const satisfies Readonly<Record<string, ColumnField>>;

const runs: FactsField = { type: 'text', table: 'trace_runs', on: ofTrace, value: 'run', operators: textOperators };

/** What traces can be filtered by. */
export const traceFilterFields: SearchableFields = {
  row: 'traces.number',
  attributePrefixes: ['attributes', 'attribute', 'attr', 'trace'],
  attributes: {
    ...columns,
    'run_id run': { type: 'custom', test: runTest },
    prompt: { type: 'custom', test: promptTest },
    text: { type: 'custom', test: contentTest },
  },
  facts: {
    'tags tag': (key) =>
      key === traceTag.name
        ? {
            type: 'text',
            table: 'traces',
            on: { number: 'traces.number' },
            value: 'name',
            where: () => sql`f.name is not null`,
            operators: textOperators,
          }
        : labels('trace_tags'),
    'metadata request_metadata': (key) => (key === traceMetadata.sourceRun ? runs : labels('trace_metadata')),
    'span spans': spanField,
    feedback: () => assessmentField('feedback'),
    'expectation expectations': () => assessmentField('expectation'),
    issue: (key) => (key === 'id' ? issues : undefined),
  },
};

/** What traces can be ordered by. */
export const traceOrderFields: SearchableFields = {
  row: 'traces.number',
  attributePrefixes: ['attributes', 'attribute', 'attr', 'trace'],
  attributes: {
    ...columns,
    'experiment_id experiment': { type: 'whole', column: 'experiments.sequence' },
    'run_id run': { type: 'text', column: sql`(select min(r.run) from trace_runs as r where r.trace = traces.number)`, nullable: true },
  },
};

function labels(table: 'trace_tags' | 'trace_metadata'): FactsField {
  return { type: 'text', table, on: ofTrace, name: 'name', value: 'value', operators: textOperators };
}

const issues: FactsField = {
  type: 'text',
  table: 'trace_assessments',
  on: ofTrace,
  value: 'name',
  where: () => sql`f.kind = 'issue'`,
  operators: ['=', 'IN'],
};

/** All but attributes must hold for one and the same span. */
function spanField(key: string): FactsField | undefined {
  const column = (value: string, more: Partial<FactsField> = {}): FactsField => ({
    type: 'text',
    table: 'trace_spans',
    on: ofTrace,
    value,
    where: () => sql`1 = 1`,
    together: 'span',
    operators: ['=', '!=', 'IN', 'NOT IN', 'LIKE', 'ILIKE', 'RLIKE'],
    ...more,
  });
  if (key === 'name' || key === 'type' || key === 'model' || key === 'provider') return column(key);
  if (key === 'status') return column(key, { toStored: (word) => word.toLowerCase() });
  if (key === 'content') return column(key, { operators: ['LIKE', 'ILIKE'] });
  if (key === 'duration') return column(key, { type: 'number', operators: ['=', '!=', '<', '<=', '>', '>=', 'BETWEEN'] });
  if (!key.startsWith('attributes.')) return undefined;
  const name = key.slice('attributes.'.length);
  return {
    type: 'text',
    table: 'trace_span_attributes',
    on: ofTrace,
    value: 'value',
    where: () => sql`f.name = ${name}`,
    operators: textOperators,
  };
}

function runTest(comparison: Comparison, dialect: DialectName): Test {
  return compileFilter({ ...comparison, entity: 'metadata', key: traceMetadata.sourceRun }, traceFilterFields, dialect);
}

/** `prompt = 'name/version'` */
function promptTest({ operator, value }: Comparison, _dialect: DialectName, refuse: Refuse): Test {
  const slash = typeof value === 'string' ? value.lastIndexOf('/') : -1;
  if (operator !== '=' || typeof value !== 'string' || slash < 1)
    throw refuse("a prompt is compared with = and a text such as 'name/version'");
  return sql`exists (select 1 from trace_prompts as f where f.trace = traces.number
    and f.name = ${value.slice(0, slash)} and f.version = ${value.slice(slash + 1)})`;
}

/** Any text of any span. */
function contentTest({ operator, value }: Comparison, dialect: DialectName, refuse: Refuse): Test {
  if ((operator !== 'LIKE' && operator !== 'ILIKE') || typeof value !== 'string') throw refuse('"text" is compared with LIKE or ILIKE');
  const like = (column: string) => compareLike(sql.ref(column), operator === 'LIKE' ? 'like' : 'ilike', value, dialect);
  return sql`exists (select 1 from trace_spans as f where f.trace = traces.number and (${like('f.name')} or ${like('f.content')}))`;
}

function assessmentField(kind: 'feedback' | 'expectation'): CustomField {
  return {
    type: 'custom',
    test: (comparison, dialect, refuse) => {
      const there = sql`f.trace = traces.number and f.valid = 1 and f.kind = ${kind} and f.name = ${comparison.key}`;
      const { operator } = comparison;
      if (operator === 'IS NULL') return sql`(not exists (select 1 from trace_assessments as f where ${there}))`;
      const value = operator === 'IS NOT NULL' ? sql`1 = 1` : valueTest(comparison, dialect, refuse);
      return sql`exists (select 1 from trace_assessments as f where ${there} and ${value})`;
    },
  };
}

/** Values are kept as JSON: `'true'` finds the truth and the text, `0.5` the number. */
function valueTest({ operator, value }: Comparison, dialect: DialectName, refuse: Refuse): Test {
  if (typeof value === 'number' && isSymbol(operator)) return compareNumber(sql.ref('f.number'), operator, value);
  if (typeof value !== 'string') throw refuse('an assessment is compared with a text or a number');
  const spellings = sql.join([value, JSON.stringify(value)]);
  if (operator === '=') return sql`f.value in (${spellings})`;
  if (operator === '!=') return sql`f.value not in (${spellings})`;
  const plain = sql`trim(f.value, '"')`;
  if (operator === 'LIKE' || operator === 'ILIKE') return compareLike(plain, operator === 'LIKE' ? 'like' : 'ilike', value, dialect);
  if (operator === 'RLIKE') return dialect === 'postgres' ? sql`${plain} ~ ${value}` : sql`${plain} regexp ${value}`;
  throw refuse(`Invalid comparator '${operator}' for an assessment`);
}
