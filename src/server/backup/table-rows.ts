import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { TableRows } from '#kernel/database/index.ts';
import { type Manifest, type ReportProgress, tablePath } from './manifest.ts';

type Row = Readonly<Record<string, unknown>>;

const batch = 1000;

/** The rows of a backup in the order of its tables; projects that lay in the old home lie in the new one. */
export async function* readTableRows(
  folder: string,
  manifest: Manifest,
  { home, report }: { readonly home: string; readonly report: ReportProgress },
): AsyncGenerator<TableRows> {
  const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { table } of manifest.tables) {
    if (table === 'migrations') continue;
    for await (const rows of readRows(join(folder, tablePath(table)))) {
      yield { table, rows: table === 'projects' ? rows.map((row) => moved(row, manifest.home, home)) : rows };
      done += rows.length;
      report({ stage: 'tables', done, total });
    }
  }
}

async function* readRows(file: string): AsyncGenerator<Row[]> {
  let rows: Row[] = [];
  for await (const line of lines(file)) {
    // The file is as a backup has written it: its digest was checked.
    rows.push(JSON.parse(line) as Row);
    if (rows.length < batch) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** node:readline would also break at U+2028, which a JSON text may hold. */
async function* lines(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1024 * 1024 })) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

function moved(row: Row, from: string, to: string): Row {
  const { path } = row;
  return typeof path === 'string' && path.startsWith(`${from}/`) ? { ...row, path: to + path.slice(from.length) } : row;
}
