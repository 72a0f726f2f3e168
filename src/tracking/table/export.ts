import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Analytics, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import type { TrackingCommands } from '../commands.ts';
import type { RunSearch } from '../search/search-runs.ts';
import { csvHead, csvLine, isoTime } from './csv.ts';
import { columnOf, type ExportColumn, exportColumn, exportedAttributes } from './export-columns.ts';

const runsAtOnce = 500;
const mostColumns = 2000;

export interface ExportRequest extends Omit<RunSearch, 'limit' | 'after' | 'skip'> {
  /** Ids of columns; every attribute, metric, parameter and tag when left out. */
  readonly columns?: readonly string[] | undefined;
}

type Source = Pick<TrackingCommands, 'findRuns' | 'names'>;

/** The columns that were asked for, or all. @throws `tracking.order-invalid` */
export async function exportColumns(tracking: Source, { project, columns }: ExportRequest): Promise<readonly ExportColumn[]> {
  if (columns !== undefined) return columns.slice(0, mostColumns).map(exportColumn);
  const named = async (kind: 'metric' | 'parameter' | 'tag') =>
    (await tracking.names(project, kind)).map((name) => columnOf({ kind, name }));
  const attributes = exportedAttributes.map((name) => columnOf({ kind: 'attribute', name }));
  return [...attributes, ...(await named('metric')), ...(await named('parameter')), ...(await named('tag'))].slice(0, mostColumns);
}

/** Every run that fits, in its order, page by page: a hundred thousand take no more memory than five hundred. */
async function* pagesOf(tracking: Source, request: ExportRequest) {
  const { columns: _, ...search } = request;
  let after: string | undefined;
  do {
    const page = await tracking.findRuns({ ...search, after, limit: runsAtOnce });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Bytes of a CSV file. The first page is read before this returns, so that a wrong filter is refused and not broken off. */
export async function exportCsv(tracking: Source, request: ExportRequest): Promise<ReadableStream<Uint8Array>> {
  const columns = await exportColumns(tracking, request);
  const pages = pagesOf(tracking, request);
  const first = await pages.next();
  async function* lines() {
    yield Buffer.from(csvHead(columns));
    for (let page = first; page.done !== true; page = await pages.next())
      yield Buffer.from(page.value.map((run) => csvLine(columns, run)).join(''));
  }
  return streamOf(Readable.from(lines(), { objectMode: true, highWaterMark: 1 }));
}

export interface ParquetTools {
  readonly analytics: Analytics;
  /** An empty folder that the stream removes when it ends. */
  readonly directory: string;
}

/** Bytes of a Parquet file: metrics as DOUBLE with NaN and infinities, times as TIMESTAMP in UTC, the rest as text. */
export async function exportParquet(tracking: Source, request: ExportRequest, tools: ParquetTools): Promise<ReadableStream<Uint8Array>> {
  const { analytics, directory } = tools;
  const columns = await exportColumns(tracking, request);
  const [rows, file] = [join(directory, 'runs.jsonl'), join(directory, 'runs.parquet')];
  await mkdir(directory, { recursive: true });
  try {
    await pipeline(Readable.from(jsonLines(tracking, request, columns)), createWriteStream(rows));
    await analytics.run(parquetStatement(columns, rows, file), [], { timeoutMs: 600_000 });
    await rm(rows);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  const reader = createReadStream(file);
  reader.once('close', () => void rm(directory, { recursive: true, force: true }));
  return streamOf(reader);
}

async function* jsonLines(tracking: Source, request: ExportRequest, columns: readonly ExportColumn[]) {
  for await (const runs of pagesOf(tracking, request)) {
    yield runs
      .map((run) => {
        const cells = columns.map((column, index) => {
          const value = column.value(run);
          return [`c${index}`, value === undefined ? null : column.kind === 'time' ? isoTime(Number(value)) : String(value)] as const;
        });
        return `${JSON.stringify(Object.fromEntries(cells))}\n`;
      })
      .join('');
  }
}

const types = { number: 'DOUBLE', time: 'TIMESTAMP', text: 'VARCHAR' } as const;

function parquetStatement(columns: readonly ExportColumn[], from: string, to: string): string {
  const read = columns.map((_, index) => `c${index}: 'VARCHAR'`).join(', ');
  // A time beyond the calendar becomes null; every other text is as its column wants it.
  const list = columns.map(
    ({ name, kind }, index) => `try_cast(c${index} AS ${types[kind]}) AS ${quoteIdentifier(name.replaceAll('\0', ''))}`,
  );
  return `COPY (SELECT ${list.join(', ')} FROM read_json(${quoteLiteral(from)}, format = 'newline_delimited', columns = {${read}},
    maximum_object_size = 67108864)) TO ${quoteLiteral(to)} (FORMAT parquet, COMPRESSION zstd)`;
}

function streamOf(readable: Readable): ReadableStream<Uint8Array> {
  // Node declares its own twin of the web's ReadableStream.
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}
