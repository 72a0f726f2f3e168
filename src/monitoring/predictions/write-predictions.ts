import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Analytics, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import type { PredictionRow } from './prediction-line.ts';

/** What a segment held; `minutes` are the minutes since 1970 in which something was predicted. */
export interface WrittenPredictions {
  readonly path: string;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly minutes: ReadonlySet<number>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const fixedColumns = {
  id: 'VARCHAR',
  time: 'BIGINT',
  event_time: 'BIGINT',
  revision: 'VARCHAR',
  version: 'VARCHAR',
  row: 'INTEGER',
  latency_us: 'DOUBLE',
  status: 'VARCHAR',
  failed: 'BOOLEAN',
} as const;

const flushAt = 1024 * 1024;

/** Writes predictions as one Parquet file into `directory`; undefined when there were none. */
export async function writePredictions(
  analytics: Analytics,
  directory: string,
  batches: AsyncIterable<readonly PredictionRow[]>,
): Promise<WrittenPredictions | undefined> {
  const lines = join(directory, 'predictions.ndjson');
  const path = join(directory, 'predictions.parquet');
  const columns = createColumns();
  const seen = { rows: 0, first: Infinity, last: -Infinity, minutes: new Set<number>() };
  await using file = await open(lines, 'w');
  let pending = '';
  let longest = 0;
  for await (const rows of batches) {
    for (const row of rows) {
      seen.rows += 1;
      seen.first = Math.min(seen.first, row.event_time);
      seen.last = Math.max(seen.last, row.event_time);
      seen.minutes.add(Math.floor(row.event_time / 60_000));
      const line = columns.flatten(row);
      longest = Math.max(longest, line.length);
      pending += `${line}\n`;
    }
    if (pending.length < flushAt) continue;
    await file.write(pending);
    pending = '';
  }
  if (seen.rows === 0) return undefined;
  await file.write(pending);
  const types = Object.entries({ ...fixedColumns, ...columns.types() }).map(
    ([name, type]) => `${quoteLiteral(name)}: ${quoteLiteral(type)}`,
  );
  const source = `read_json(${quoteLiteral(lines)}, format = 'newline_delimited', columns = {${types.join(', ')}}, maximum_object_size = ${readBuffer(longest)})`;
  await analytics.run(
    `COPY (SELECT * FROM ${source} ORDER BY ${quoteIdentifier('event_time')}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return { ...seen, path, ...columns.names() };
}

/** DuckDB takes twice this much memory for each thread that reads; a character has up to 3 bytes. */
function readBuffer(longestLine: number): number {
  return Math.max(1024 * 1024, longestLine * 3 + 1024);
}

/** Column names in DuckDB do not mind case, so of names that differ in nothing else the first is kept. */
function createColumns() {
  const inputs = new Map<string, { readonly name: string; isNumber: boolean }>();
  const outputs = new Map<string, { readonly name: string }>();
  const named = <Entry extends { readonly name: string }>(
    known: Map<string, Entry>,
    name: string,
    fresh: () => Entry,
  ): Entry | undefined => {
    const key = name.toLowerCase();
    const entry = known.get(key) ?? fresh();
    known.set(key, entry);
    return entry.name === name ? entry : undefined;
  };
  return {
    flatten({ inputs: values, outputs: scores, ...rest }: PredictionRow): string {
      const flat: Record<string, unknown> = { ...rest };
      for (const [name, value] of Object.entries(values)) {
        const entry = named(inputs, name, () => ({ name, isNumber: true }));
        if (entry === undefined) continue;
        if (typeof value === 'string' || typeof value === 'boolean') entry.isNumber = false;
        flat[`input.${name}`] = typeof value === 'boolean' ? String(value) : value;
      }
      for (const [name, value] of Object.entries(scores)) {
        if (named(outputs, name, () => ({ name })) !== undefined) flat[`output.${name}`] = value;
      }
      return JSON.stringify(flat);
    },
    types: (): Readonly<Record<string, string>> => ({
      ...Object.fromEntries([...inputs.values()].map(({ name, isNumber }) => [`input.${name}`, isNumber ? 'DOUBLE' : 'VARCHAR'])),
      ...Object.fromEntries([...outputs.values()].map(({ name }) => [`output.${name}`, 'DOUBLE'])),
    }),
    names: () => ({ inputs: [...inputs.values()].map(({ name }) => name), outputs: [...outputs.values()].map(({ name }) => name) }),
  };
}
