import { CompiledQuery } from 'kysely';
import type { DialectName, Queryable } from '#kernel/database/index.ts';
import type { Span } from './model.ts';
import { spanOf } from './span-row.ts';
import type { UseNode } from './summarise-spans.ts';
import type { SpanRow, TraceTables } from './tables.ts';
import { costOf, tokensOf, useColumnNames } from './use-columns.ts';

const columns = [
  'trace',
  'id',
  'parent',
  'name',
  'type',
  'status',
  'started_at',
  'duration',
  ...useColumnNames,
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
    .select(['trace', 'id', 'parent', ...useColumnNames])
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
