import type { SourceTrace } from '../source.ts';
import { sourceKind } from '../words.ts';

type Assessment = SourceTrace['assessments'][number];
type Json = Extract<Assessment['content'], { kind: 'feedback' }>['value'];
type Message = Readonly<Record<string, unknown>>;

/** An assessment in MLflow's JSON, or the same as YAML; undefined when it says nothing. */
export function assessmentOf(message: Message): Assessment | undefined {
  const content = contentOf(message);
  const id = text(message['assessment_id']);
  if (content === undefined || id === undefined) return undefined;
  const source = messageOf(message['source']) ?? {};
  return {
    id,
    name: text(message['assessment_name']) ?? text(message['name']) ?? content.kind,
    content,
    source: { kind: sourceKind(text(source['source_type']) ?? ''), id: text(source['source_id']) ?? 'default' },
    span: text(message['span_id']),
    rationale: text(message['rationale']),
    metadata: labels(message['metadata']),
    overrides: text(message['overrides']),
    valid: message['valid'] !== false,
    createdAt: time(message['create_time'] ?? message['create_time_ms']),
    updatedAt: time(message['last_update_time'] ?? message['last_update_time_ms']),
  };
}

function contentOf(message: Message): Assessment['content'] | undefined {
  const issue = messageOf(message['issue']);
  if (issue !== undefined) return { kind: 'issue', issue: text(issue['issue_name']) ?? '' };
  const expectation = messageOf(message['expectation']);
  if (expectation !== undefined) {
    const serialized = messageOf(expectation['serialized_value']);
    const value = serialized === undefined ? expectation['value'] : parsed(text(serialized['value']) ?? 'null');
    return { kind: 'expectation', value: (value ?? null) as Json };
  }
  const feedback = messageOf(message['feedback']);
  if (feedback === undefined) return undefined;
  const error = messageOf(feedback['error'] ?? message['error']);
  // It was read from JSON or from YAML that was made of JSON.
  const value = (feedback['value'] ?? null) as Json;
  if (error === undefined) return { kind: 'feedback', value };
  return {
    kind: 'feedback',
    value,
    error: { code: text(error['error_code']) ?? '', message: text(error['error_message']), stack: text(error['stack_trace']) },
  };
}

function messageOf(value: unknown): Message | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function labels(value: unknown): Record<string, string> | undefined {
  const message = messageOf(value);
  return message === undefined ? undefined : Object.fromEntries(Object.entries(message).map(([key, each]) => [key, String(each)]));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Epoch milliseconds, or a time as text. */
function time(value: unknown): number | undefined {
  const ms =
    typeof value === 'number'
      ? value
      : value instanceof Date
        ? value.getTime()
        : typeof value === 'string'
          ? Date.parse(value)
          : Number.NaN;
  return Number.isFinite(ms) ? Math.trunc(ms) : undefined;
}
