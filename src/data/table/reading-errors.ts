import { RipenError } from '#kernel/errors.ts';
import { objectErrors } from '#kernel/objects/index.ts';
import { dataErrors } from '../errors.ts';
import type { SourceFile } from './model.ts';

const formatNames = { parquet: 'Parquet', csv: 'CSV', jsonl: 'JSON lines' } as const;

/** What went wrong while DuckDB read a file, in words about the file. Anything that is not the file's fault stays as it is. */
export function readingError(error: unknown, file: SourceFile): unknown {
  if (!(error instanceof RipenError) || error.code !== 'kernel.analytics-query-failed') return error;
  const type = String(error.details?.['type']);
  const reason = String(error.details?.['reason']);
  if (/expected records/.test(reason)) return corrupt(file, 'every line must be one JSON object.', error);
  if (type === 'Binder' || type === 'Catalog' || type === 'Parser') return error;
  if (/no space left|disk full/i.test(reason)) return objectErrors['disk-full']({ path: file.name }, error);
  const line = Number(/(?:on Line: |in line )(\d+)/.exec(reason)?.[1]);
  const lineNumber = Number.isNaN(line) ? undefined : line;
  const ragged = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(reason);
  if (ragged !== null) {
    const [, expected, found] = ragged;
    return dataErrors['file-rows-ragged']({ file: file.name, line: line, expected: Number(expected), found: Number(found) }, error);
  }
  if (/invalid unicode|not utf-8|invalid utf-?8|invalid string encoding/i.test(reason)) {
    return dataErrors['file-encoding']({ file: file.name, line: lineNumber }, error);
  }
  if (/no files found|no such file/i.test(reason)) return dataErrors['file-not-found']({ file: file.name }, error);
  return corrupt(file, shortReason(reason, file, lineNumber), error);
}

export function corrupt(file: SourceFile, reason: string, cause?: unknown): RipenError {
  return dataErrors['file-corrupt']({ file: file.name, format: formatNames[file.format], reason }, cause);
}

/** DuckDB adds settings and advice on its own options; only what happened, and the place, is of use here. */
function shortReason(reason: string, file: SourceFile, line: number | undefined): string {
  const telling = /^(Value with|Maximum line size)[^\n]*/m.exec(reason)?.[0] ?? reason.split('\n', 1)[0] ?? reason;
  const text = telling
    .replaceAll(file.path, file.name)
    .replace(/^\w*Exception: /, '')
    .trim();
  return line === undefined || text.includes('in line') ? text : `${text} (line ${line})`;
}
