import type { Json } from '#kernel/canonical-json.ts';
import type { Attributes, Span, SpanStatus } from './model.ts';
import type { SpanRow } from './tables.ts';
import { factsOf } from './translate-span.ts';
import { useColumns } from './use-columns.ts';

/** Times as text: JSON numbers lose the last digits of nanoseconds. */
interface SpanContent {
  readonly start: string;
  readonly end?: string;
  readonly kind: number;
  readonly message?: string;
  readonly traceState?: string;
  readonly attributes: Attributes;
  readonly events?: readonly { readonly name: string; readonly time: string; readonly attributes: Attributes }[];
  readonly links?: readonly { readonly trace: string; readonly span: string; readonly attributes: Attributes }[];
}

export function spanRow(trace: number, span: Span): SpanRow {
  const facts = factsOf(span);
  return {
    trace,
    id: span.id,
    parent: span.parent ?? null,
    name: span.name,
    type: facts.type.slice(0, 250),
    status: span.status,
    started_at: Number(span.startedAt / 1000n),
    duration: span.endedAt === undefined ? null : Number(span.endedAt - span.startedAt) / 1e6,
    ...useColumns(facts.tokens, facts.cost),
    model: facts.model?.slice(0, 250) ?? null,
    provider: facts.provider?.slice(0, 250) ?? null,
    content: storableJson(contentOf(span)),
  };
}

/** PostgreSQL refuses NUL and half surrogate pairs inside JSON, however they are written; a backslash that is itself escaped is none of them. */
function storableJson(value: object): string {
  return JSON.stringify(value).replaceAll(/\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\\ufffd'));
}

function contentOf(span: Span): SpanContent {
  return {
    start: String(span.startedAt),
    ...(span.endedAt === undefined ? {} : { end: String(span.endedAt) }),
    kind: span.kind,
    ...(span.statusMessage === undefined ? {} : { message: span.statusMessage }),
    ...(span.traceState === undefined ? {} : { traceState: span.traceState }),
    attributes: span.attributes,
    ...(span.events.length === 0 ? {} : { events: span.events.map((event) => ({ ...event, time: String(event.time) })) }),
    ...(span.links.length === 0 ? {} : { links: span.links }),
  };
}

export function spanOf(row: Pick<SpanRow, 'id' | 'parent' | 'name' | 'status' | 'content'>): Span {
  // Only `spanRow` writes this column.
  const content = JSON.parse(row.content) as SpanContent;
  return {
    id: row.id,
    parent: row.parent ?? undefined,
    name: row.name,
    kind: content.kind,
    startedAt: BigInt(content.start),
    endedAt: content.end === undefined ? undefined : BigInt(content.end),
    status: row.status as SpanStatus,
    statusMessage: content.message,
    traceState: content.traceState,
    attributes: content.attributes satisfies Readonly<Record<string, Json>>,
    events: (content.events ?? []).map((event) => ({ ...event, time: BigInt(event.time) })),
    links: content.links ?? [],
  };
}
