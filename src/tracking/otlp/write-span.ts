import type { Json } from '#kernel/canonical-json.ts';
import type { Attributes, Span } from '../traces/model.ts';

/**
 * A span in the JSON that protobuf gives an OTLP span (ids in base64, members in snake case), which is what clients of traces read.
 * Source: protobuf.dev/programming-guides/proto3/#json. Nanoseconds are exact numbers.
 */
export function writeSpan(trace: string, span: Span): Record<string, unknown> {
  return {
    trace_id: base64(trace.replace(/^tr-/, '')),
    span_id: base64(span.id),
    ...(span.parent === undefined ? {} : { parent_span_id: base64(span.parent) }),
    ...(span.traceState === undefined ? {} : { trace_state: span.traceState }),
    name: span.name,
    kind: kinds[span.kind] ?? kinds[0],
    start_time_unix_nano: exact(span.startedAt),
    ...(span.endedAt === undefined ? {} : { end_time_unix_nano: exact(span.endedAt) }),
    attributes: writeAttributes(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      time_unix_nano: exact(time),
      attributes: writeAttributes(attributes),
    })),
    links: span.links.map((link) => ({
      trace_id: base64(link.trace.replace(/^tr-/, '')),
      span_id: base64(link.span),
      attributes: writeAttributes(link.attributes),
    })),
    status: { code: statuses[span.status], ...(span.statusMessage === undefined ? {} : { message: span.statusMessage }) },
  };
}

const statuses = { unset: 'STATUS_CODE_UNSET', ok: 'STATUS_CODE_OK', error: 'STATUS_CODE_ERROR' } as const;
const kinds = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
] as const;

function writeAttributes(attributes: Attributes): { key: string; value: object }[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: writeValue(value) }));
}

function writeValue(value: Json): object {
  if (value === null) return {};
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { int_value: value } : { double_value: value };
  if (Array.isArray(value)) return { array_value: { values: value.map((each: Json) => writeValue(each)) } };
  const members = Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [{ key, value: writeValue(member) }]));
  return { kvlist_value: { values: members } };
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

/** JSON numbers have no bound; only JavaScript's have. */
function exact(value: bigint): unknown {
  // The library types of TypeScript do not know it yet; see the proposal "JSON.parse source text access".
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));
}
