import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import { type Analytics, type AnalyticsValue, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import { RipenError } from '#kernel/errors.ts';
import type { ObjectStore } from '#kernel/objects/index.ts';
import { trackingErrors } from '../errors.ts';
import type { Artifact } from '../model.ts';
import type { TablePreviewWire } from './wire.ts';

const keptCharacters = 500;
const mostColumns = 500;
/** Above this a text file is not read to its end to count its rows. */
const countedBytes = 50_000_000;
const timeoutMs = 20_000;

const readers: Readonly<Record<string, (path: string) => string>> = {
  parquet: (path) => `read_parquet(${quoteLiteral(path)})`,
  csv: (path) => textReader(path, ''),
  tsv: (path) => textReader(path, `, delim = '\t'`),
  jsonl: (path) => `read_json_auto(${quoteLiteral(path)}, format = 'newline_delimited', ignore_errors = true)`,
};

function textReader(path: string, options: string): string {
  return `read_csv(${quoteLiteral(path)}, header = true, null_padding = true, ignore_errors = true, strict_mode = false, sample_size = 5000${options})`;
}

export interface PreviewTools {
  readonly analytics: Analytics;
  readonly objects: ObjectStore;
  /** An empty folder that lives as long as the call. */
  readonly directory: string;
}

/**
 * Rows of a CSV, TSV, Parquet or JSON-lines artifact with their schema, whatever the size of the file.
 * @throws `tracking.artifact-not-a-table`
 */
export async function previewTable(
  tools: PreviewTools,
  artifact: Artifact,
  { offset, limit }: { offset: number; limit: number },
): Promise<TablePreviewWire> {
  const extension = /\.([a-z]+)$/i.exec(artifact.name)?.[1]?.toLowerCase() ?? '';
  const format = extension === 'pq' ? 'parquet' : extension === 'ndjson' ? 'jsonl' : extension;
  const reader = Object.hasOwn(readers, format) ? readers[format] : undefined;
  if (reader === undefined)
    throw trackingErrors['artifact-not-a-table']({
      artifact: artifact.name,
      reason: 'its name does not end in csv, tsv, parquet or jsonl',
    });
  if (artifact.size === 0) return { columns: [], rows: [], total: 0 };
  const relation = reader(await localFile(tools, artifact, format));
  try {
    return await readPage(tools.analytics, relation, { offset, limit, counts: format === 'parquet' || artifact.size <= countedBytes });
  } catch (error) {
    if (!(error instanceof RipenError) || error.code !== 'kernel.analytics-query-failed') throw error;
    throw trackingErrors['artifact-not-a-table']({ artifact: artifact.name, reason: error.message.split('\n', 1)[0] ?? '' }, error);
  }
}

async function localFile({ objects, directory }: PreviewTools, artifact: Artifact, format: string): Promise<string> {
  const blob = await objects.path(artifact.digest);
  const path = join(directory, `table.${format}`);
  // A link where the file system allows one: the cache may drop its copy while DuckDB reads.
  await link(blob, path).catch(() => copyFile(blob, path));
  return path;
}

async function readPage(
  analytics: Analytics,
  relation: string,
  { offset, limit, counts }: { offset: number; limit: number; counts: boolean },
): Promise<TablePreviewWire> {
  const described = await analytics.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`, [], {
    timeoutMs,
  });
  const columns = described.slice(0, mostColumns).map((row) => ({ name: row.column_name, type: row.column_type }));
  // Names of our own, so that odd column names cannot meet.
  const list = columns.map(({ name, type }, index) => `${shown(quoteIdentifier(name), type)} AS c${index}`).join(', ');
  const found = await analytics.query(`SELECT ${list} FROM ${relation} LIMIT ${quoteLiteral(limit)} OFFSET ${quoteLiteral(offset)}`, [], {
    timeoutMs,
  });
  const [count] = counts ? await analytics.query<{ n: number }>(`SELECT count(*) AS n FROM ${relation}`, [], { timeoutMs }) : [];
  const rows = found.map((row) => columns.map((_, index) => plain(row[`c${index}`] ?? null)));
  return { columns, rows, ...(count === undefined ? {} : { total: count.n }) };
}

const asTheyAre = /^(?:BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE)$/;

function shown(column: string, type: string): string {
  if (asTheyAre.test(type)) return column;
  if (type === 'BLOB') return `left(hex(${column}), 64)`;
  return `left(CAST(${column} AS VARCHAR), ${keptCharacters})`;
}

function plain(value: AnalyticsValue): string | number | boolean | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value === null || typeof value === 'boolean' || typeof value === 'string' ? value : JSON.stringify(value);
}
