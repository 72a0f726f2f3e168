import type { Json } from '#kernel/canonical-json.ts';
import type { NewAssessment } from '../traces/assess.ts';
import type { Assessment, AssessmentContent, AssessmentSourceKind } from '../traces/model.ts';
import { field, MlflowError } from './protocol/index.ts';
import { readTime } from './proto-time.ts';

const sourceChoice = field.choice({ SOURCE_TYPE_UNSPECIFIED: 0, HUMAN: 1, LLM_JUDGE: 2, CODE: 3, AI_JUDGE: 4 });
const errorField = field.message({ error_code: field.text(), error_message: field.text(), stack_trace: field.text() });

/** The fields of an `Assessment`. */
export const assessmentFields = {
  assessment_id: field.text(),
  assessment_name: field.text(),
  trace_id: field.text(),
  span_id: field.text(),
  source: field.message({ source_type: sourceChoice, source_id: field.text() }),
  create_time: field.text(),
  last_update_time: field.text(),
  feedback: field.message({ value: field.json(), error: errorField }),
  expectation: field.message({
    value: field.json(),
    serialized_value: field.message({ serialization_format: field.text(), value: field.text() }),
  }),
  issue: field.message({ issue_name: field.text() }),
  rationale: field.text(),
  error: errorField,
  metadata: field.map(),
  overrides: field.text(),
  valid: field.flag(),
} as const;

type Read<Of> = Of extends { readonly read: (value: unknown, name: string) => infer Value } ? Value : never;
export type AssessmentInput = { readonly [Name in keyof typeof assessmentFields]: Read<(typeof assessmentFields)[Name]> };

const sourceNames = { human: 'HUMAN', judge: 'LLM_JUDGE', code: 'CODE', unspecified: 'SOURCE_TYPE_UNSPECIFIED' } as const;
const sourceKinds: Readonly<Record<string, AssessmentSourceKind>> = { HUMAN: 'human', LLM_JUDGE: 'judge', AI_JUDGE: 'judge', CODE: 'code' };

export function assessmentMessage(trace: string, assessment: Assessment) {
  const { content } = assessment;
  return {
    assessment_id: assessment.id,
    assessment_name: assessment.name,
    trace_id: trace,
    ...(assessment.span === undefined ? {} : { span_id: assessment.span }),
    source: { source_type: sourceNames[assessment.source.kind], source_id: assessment.source.id },
    create_time: new Date(assessment.createdAt).toISOString(),
    last_update_time: new Date(assessment.updatedAt).toISOString(),
    ...contentMessage(content),
    ...(assessment.rationale === undefined ? {} : { rationale: assessment.rationale }),
    ...(Object.keys(assessment.metadata).length === 0 ? {} : { metadata: assessment.metadata }),
    ...(assessment.overrides === undefined ? {} : { overrides: assessment.overrides }),
    valid: assessment.valid,
  };
}

function contentMessage(content: AssessmentContent) {
  if (content.kind === 'issue') return { issue: { issue_name: content.issue } };
  if (content.kind === 'expectation') {
    const { value } = content;
    const compound = typeof value === 'object' && value !== null;
    return {
      expectation: compound ? { serialized_value: { serialization_format: 'JSON_FORMAT', value: JSON.stringify(value) } } : { value },
    };
  }
  const { value, error } = content;
  return {
    feedback: {
      ...(value === null ? {} : { value }),
      ...(error === undefined ? {} : { error: { error_code: error.code, error_message: error.message, stack_trace: error.stack } }),
    },
  };
}

/** @throws MlflowError where it says nothing, or more than one thing */
export function assessmentContent(input: AssessmentInput): AssessmentContent | undefined {
  const { feedback, expectation, issue } = input;
  if ([feedback, expectation, issue].filter((each) => each !== undefined).length > 1)
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Only one of feedback, expectation and issue may be set.');
  if (issue !== undefined) return { kind: 'issue', issue: issue.issue_name ?? '' };
  if (expectation !== undefined) {
    const { value, serialized_value: serialized } = expectation;
    return { kind: 'expectation', value: serialized === undefined ? asJson(value) : parse(serialized.value ?? 'null') };
  }
  if (feedback === undefined) return undefined;
  const error = feedback.error ?? input.error;
  return {
    kind: 'feedback',
    value: asJson(feedback.value),
    ...(error === undefined ? {} : { error: { code: error.error_code ?? '', message: error.error_message, stack: error.stack_trace } }),
  };
}

/** @throws MlflowError */
export function newAssessment(input: AssessmentInput): NewAssessment {
  const content = assessmentContent(input);
  if (content === undefined)
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Either `feedback`, `expectation` or `issue` must be set in the assessment.');
  return {
    id: input.assessment_id === '' ? undefined : input.assessment_id,
    name: input.assessment_name ?? (content.kind === 'issue' ? content.issue : content.kind),
    content,
    source: { kind: sourceKinds[input.source?.source_type ?? ''] ?? 'unspecified', id: input.source?.source_id ?? 'default' },
    span: input.span_id === '' ? undefined : input.span_id,
    rationale: input.rationale,
    metadata: input.metadata,
    overrides: input.overrides === '' ? undefined : input.overrides,
    valid: input.valid,
    createdAt: readTime(input.create_time, 'create_time'),
    updatedAt: readTime(input.last_update_time, 'last_update_time'),
  };
}

function asJson(value: unknown): Json {
  // It was read from JSON.
  return (value ?? null) as Json;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'The serialized value of the expectation is no JSON.', { cause });
  }
}
