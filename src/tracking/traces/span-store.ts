import { CompiledQuery } from 'kysely';
import type { DialectName, Queryable } from '#kernel/database/index.ts';
import type { Json } from '#kernel/canonical-json.ts';
import type { Attributes, Span, SpanStatus, TokenCost, TokenUsage } from './model.ts';
import type { UseNode } from './summarise-spans.ts';
import type { SpanRow, TraceTables } from './tables.ts';
import { factsOf } from './translate-span.ts';

const columns = [
  'trace',
  'id',
  'parent',
  'name',
  'type',
  'status',
  'started_at',
  'duration',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'input_cost',
  'output_cost',
  'total_cost',
  'model',
  'provider',
  'content',
] as const satisfies readonly (keyof SpanRow)[];

/** Rows of one statement: SQLite takes 32,766 values. Few sizes give few texts, which the database keeps prepared. */
const sizes = [256, 64, 16, 4, 1] as const;

/**
 * Of two uploads of a span the later counts, unless only the earlier one knows its end. Written without the query builder, which takes
 * longer over so many values than the database.
 */
export async function upsertSpans(tx: Queryable, rows: readonly SpanRow[]): Promise<void> {
  let start = 0;
  for (const size of sizes) {
    for (; rows.length - start >= size; start += size) {
      const values = rows.slice(start, start + size).flatMap((row) => columns.map((column) => row[column]));
      await tx.query().executeQuery(CompiledQuery.raw(upsertText(tx.dialect, size), values));
    }
  }
}

const texts = new Map<string, string>();

function upsertText(dialect: DialectName, size: number): string {
  const key = `${dialect} ${size}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const place = (row: number, column: number) => (dialect === 'sqlite' ? '?' : `$${row * columns.length + column + 1}`);
  const tuples = Array.from({ length: size }, (_, row) => `(${columns.map((_column, column) => place(row, column)).join(', ')})`);
  const changes = columns.slice(2).map((column) => `${column} = excluded.${column}`);
  const text = `insert into trace_spans (${columns.join(', ')}) values ${tuples.join(', ')} on conflict (trace, id)
    do update set ${changes.join(', ')} where excluded.duration is not null or trace_spans.duration is null`;
  texts.set(key, text);
  return text;
}

/** What each span of the given traces used, by trace. */
export async function readUse(from: Queryable, traces: readonly number[]): Promise<ReadonlyMap<number, UseNode[]>> {
  const found = new Map<number, UseNode[]>(traces.map((trace) => [trace, []]));
  if (traces.length === 0) return found;
  const rows = await from
    .query<TraceTables>()
    .selectFrom('trace_spans')
    .select([
      'trace',
      'id',
      'parent',
      'input_tokens',
      'output_tokens',
      'total_tokens',
      'cache_read_tokens',
      'cache_creation_tokens',
      'input_cost',
      'output_cost',
      'total_cost',
    ])
    .where('trace', 'in', traces)
    .execute();
  for (const row of rows)
    found.get(row.trace)?.push({ id: row.id, parent: row.parent ?? undefined, tokens: tokensOf(row), cost: costOf(row) });
  return found;
}

/** Spans by trace, in the order in which they began. */
export async function readSpans(from: Queryable, traces: readonly number[]): Promise<ReadonlyMap<number, Span[]>> {
  const found = new Map<number, Span[]>(traces.map((trace) => [trace, []]));
  if (traces.length === 0) return found;
  const rows = await from
    .query<TraceTables>()
    .selectFrom('trace_spans')
    .select(['trace', 'id', 'parent', 'name', 'status', 'content'])
    .where('trace', 'in', traces)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  for (const row of rows) found.get(row.trace)?.push(spanOf(row));
  return found;
}

/** The columns that hold tokens and costs. */
type UseColumns = Pick<
  SpanRow,
  | 'input_tokens'
  | 'output_tokens'
  | 'total_tokens'
  | 'cache_read_tokens'
  | 'cache_creation_tokens'
  | 'input_cost'
  | 'output_cost'
  | 'total_cost'
>;

export function tokensOf(row: UseColumns): TokenUsage | undefined {
  if (row.total_tokens === null) return undefined;
  return {
    input: row.input_tokens ?? 0,
    output: row.output_tokens ?? 0,
    total: row.total_tokens,
    ...(row.cache_read_tokens === null ? {} : { cacheRead: row.cache_read_tokens }),
    ...(row.cache_creation_tokens === null ? {} : { cacheCreation: row.cache_creation_tokens }),
  };
}

export function costOf(row: UseColumns): TokenCost | undefined {
  return row.total_cost === null ? undefined : { input: row.input_cost ?? 0, output: row.output_cost ?? 0, total: row.total_cost };
}

export function useColumns(tokens: TokenUsage | undefined, cost: TokenCost | undefined): UseColumns {
  return {
    input_tokens: tokens?.input ?? null,
    output_tokens: tokens?.output ?? null,
    total_tokens: tokens?.total ?? null,
    cache_read_tokens: tokens?.cacheRead ?? null,
    cache_creation_tokens: tokens?.cacheCreation ?? null,
    input_cost: cost?.input ?? null,
    output_cost: cost?.output ?? null,
    total_cost: cost?.total ?? null,
  };
}

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

function spanOf(row: Pick<SpanRow, 'id' | 'parent' | 'name' | 'status' | 'content'>): Span {
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
