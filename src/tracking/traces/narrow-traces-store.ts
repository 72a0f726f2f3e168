import { type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { Comparison, Filter } from '../search/filter-tree.ts';
import { sortKey } from '../store.ts';
import { traceMetadata, traceTag } from './well-known.ts';

/** So few traces are looked at one by one rather than walked past in the order of the list. */
const few = 2000;

/** The numbers of all traces that one part of an AND fits by an index, when they are few. */
export async function narrowTraces(from: Queryable, filter: Filter | undefined): Promise<readonly number[] | undefined> {
  for (const select of selectsOf(filter)) {
    const { rows } = await sql<{ trace: number }>`${select} limit ${few + 1}`.execute(from.query());
    if (rows.length <= few) return [...new Set(rows.map(({ trace }) => trace))];
  }
  return undefined;
}

function selectsOf(filter: Filter | undefined): RawBuilder<unknown>[] {
  if (filter === undefined || filter.kind === 'or' || filter.kind === 'not') return [];
  const parts = filter.kind === 'and' ? filter.of : [filter];
  const equal = parts
    .filter((part) => part.kind === 'comparison')
    .filter(({ operator, value }) => operator === '=' && typeof value === 'string');
  const spans = equal.flatMap((part) => spanTest(part) ?? []);
  const nested = parts.flatMap((part) => (part.kind === 'and' ? selectsOf(part) : []));
  return [
    ...equal.flatMap((part) => labelSelect(part) ?? []),
    ...(spans.length === 0 ? [] : [sql`select f.trace from trace_spans as f where ${sql.join(spans, sql` and `)}`]),
    ...nested,
  ];
}

function labelSelect({ entity, key, value }: Comparison): RawBuilder<unknown> | undefined {
  const word = entity?.toLowerCase();
  const text = String(value);
  const isRun = (word === undefined && (key === 'run_id' || key === 'run')) || (isMetadata(word) && key === traceMetadata.sourceRun);
  if (isRun) return sql`select f.trace from trace_runs as f where f.run = ${text}`;
  const table = isMetadata(word) ? 'trace_metadata' : word === 'tags' || word === 'tag' ? 'trace_tags' : undefined;
  if (table === undefined || key === traceTag.name) return undefined;
  return sql`select f.trace from ${sql.table(table)} as f where f.name = ${key} and f.sort_key = ${sortKey(text)} and f.value = ${text}`;
}

const isMetadata = (word: string | undefined) => word === 'metadata' || word === 'request_metadata';

function spanTest({ entity, key, value }: Comparison): RawBuilder<SqlBool> | undefined {
  const word = entity?.toLowerCase();
  if (word !== 'span' && word !== 'spans') return undefined;
  if (key === 'name') return sql`f.name = ${String(value)}`;
  if (key === 'type') return sql`f.type = ${String(value)}`;
  return key === 'status' ? sql`f.status = ${String(value).toLowerCase()}` : undefined;
}
