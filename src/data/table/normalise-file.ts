import { rm } from 'node:fs/promises';
import { type Analytics, quoteLiteral } from '#kernel/analytics/index.ts';
import { dataErrors } from '../errors.ts';
import { type ExpectedTypes, typedJsonColumns, typedTextColumns } from './column-types.ts';
import { csvRelation, readCsvHeader } from './csv.ts';
import type { SourceFile } from './model.ts';
import { corrupt, readingError } from './reading-errors.ts';
import type { Schema } from './schema.ts';
import { decodeHead, readHead, refuseRepeatedColumns } from './source-file.ts';

export interface NormalisedFile {
  readonly rows: number;
  readonly schema: Schema;
}

/** A big file on a busy disk; a query that hangs must still end. */
const timeoutMs = 30 * 60_000;

/**
 * Reads every byte of a file and writes its rows, in their order, as one Parquet file (zstd) at `target`. The same bytes give the same
 * Parquet bytes. Throws the `data.file-*` errors; then there is no target.
 */
export async function normaliseFile(
  analytics: Analytics,
  { file, target, expected }: { file: SourceFile; target: string; expected: ExpectedTypes },
): Promise<NormalisedFile> {
  const staged = `${target}.staged`;
  try {
    const head = await readHead(file.path, file.name);
    const select = await selectTyped(analytics, { file, head, staged, expected });
    const [copied] = await analytics.query<{ Count: number }>(
      `COPY (${select}) TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`,
      [],
      {
        timeoutMs,
      },
    );
    const rows = copied?.Count ?? 0;
    if (rows === 0) throw dataErrors['file-no-rows']({ file: file.name });
    return { rows, schema: await describe(analytics, `read_parquet(${quoteLiteral(target)})`) };
  } catch (error) {
    await rm(target, { force: true });
    throw readingError(error, file);
  } finally {
    await rm(staged, { force: true });
  }
}

interface Reading {
  readonly file: SourceFile;
  readonly head: Buffer;
  readonly staged: string;
  readonly expected: ExpectedTypes;
}

async function selectTyped(analytics: Analytics, { file, head, staged, expected }: Reading): Promise<string> {
  if (file.format === 'parquet') {
    refuseRepeatedColumns(await parquetColumns(analytics, file), file);
    return `SELECT * FROM read_parquet(${quoteLiteral(file.path)})`;
  }
  const relation = file.format === 'csv' ? csvRelation(file, readCsvHeader(head, file)) : await jsonRelation(analytics, file, head);
  await analytics.run(`COPY (SELECT * FROM ${relation}) TO ${quoteLiteral(staged)} (FORMAT parquet)`, [], { timeoutMs });
  const rows = `read_parquet(${quoteLiteral(staged)})`;
  const schema = await describe(analytics, rows);
  const typed = file.format === 'csv' ? typedTextColumns : typedJsonColumns;
  return `SELECT ${await typed(analytics, rows, schema, expected)} FROM ${rows}`;
}

async function jsonRelation(analytics: Analytics, file: SourceFile, head: Buffer): Promise<string> {
  const text = decodeHead(head, file).trimStart();
  if (text === '') throw dataErrors['file-empty']({ file: file.name });
  if (!text.startsWith('{')) throw corrupt(file, 'every line must be one JSON object.');
  const path = quoteLiteral(file.path);
  const keys = await analytics.query<{ k: string }>(`SELECT DISTINCT unnest(json_keys(json)) AS k FROM read_ndjson_objects(${path})`);
  refuseRepeatedColumns(
    keys.map((key) => key.k),
    file,
  );
  if (keys.length === 0) throw corrupt(file, 'no object has a member.');
  return `read_json(${path}, format = 'newline_delimited', records = true, sample_size = -1)`;
}

/** The names as they are in the file; DuckDB itself renames the second of two equal ones. */
async function parquetColumns(analytics: Analytics, file: SourceFile): Promise<string[]> {
  const elements = await analytics.query<{ name: string; num_children: number | null }>(
    `SELECT name, num_children FROM parquet_schema(${quoteLiteral(file.path)})`,
  );
  // A tree in depth-first order; its root is the first element.
  const skip = (index: number): number => {
    let next = index + 1;
    for (let child = 0; child < (elements[index]?.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  const names: string[] = [];
  for (let index = 1; index < elements.length; index = skip(index)) names.push(elements[index]?.name ?? '');
  if (names.length === 0) throw corrupt(file, 'it has no columns.');
  return names;
}

export async function describe(analytics: Analytics, relation: string): Promise<Schema> {
  const columns = await analytics.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
  return columns.map((column) => ({ name: column.column_name, type: column.column_type }));
}
