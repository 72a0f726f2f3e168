import { present } from '#kernel/present.ts';
import type { Assessment, Span, Trace } from './model.ts';
import { factsOf } from './translate-span.ts';
import { spanAttribute, traceMetadata } from './well-known.ts';
import type { AssessmentWire, SpanWire, TraceWire, TraceWithSpansWire } from './wire.ts';

/** Domain objects as JSON. */

export function wireTrace(trace: Trace): TraceWire {
  const { told: _, experimentNumber: __, experimentLocation: ___, assessments, runs, ...rest } = trace;
  return {
    ...present(rest),
    ...present({ session: trace.metadata[traceMetadata.session], user: trace.metadata[traceMetadata.user] }),
    assessments: assessments.map(wireAssessment),
    runs: [...runs],
  };
}

export function wireAssessment({ content, ...rest }: Assessment): AssessmentWire {
  return {
    ...present(rest),
    kind: content.kind,
    value: content.kind === 'issue' ? content.issue : content.value,
    ...(content.kind === 'feedback' && content.error !== undefined ? { error: present(content.error) } : {}),
  };
}

export function wireTraceWithSpans(trace: Trace, spans: readonly Span[]): TraceWithSpansWire {
  const began = spans.reduce<bigint | undefined>(
    (least, { startedAt }) => (least === undefined || startedAt < least ? startedAt : least),
    undefined,
  );
  const first = began ?? BigInt(trace.requestedAt) * 1_000_000n;
  return { trace: wireTrace(trace), spans: spans.map((span) => wireSpan(span, first)), beganAt: Number(first / 1000n) / 1000 };
}

const shownApart = new Set<string>([spanAttribute.inputs, spanAttribute.outputs, spanAttribute.request, spanAttribute.experiment]);

function wireSpan(span: Span, first: bigint): SpanWire {
  const { session: _, user: __, ...facts } = factsOf(span);
  const since = (time: bigint) => Number(time - first) / 1e6;
  return {
    id: span.id,
    ...present({ parent: span.parent, statusMessage: span.statusMessage }),
    name: span.name,
    status: span.status,
    at: since(span.startedAt),
    ...(span.endedAt === undefined ? {} : { duration: Number(span.endedAt - span.startedAt) / 1e6 }),
    ...present(facts),
    attributes: Object.fromEntries(Object.entries(span.attributes).filter(([key]) => !shownApart.has(key))),
    events: span.events.map(({ name, time, attributes }) => ({ name, at: since(time), attributes: { ...attributes } })),
    links: span.links.map(({ trace, span: linked }) => ({ trace, span: linked })),
  };
}
