import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { dataErrors } from '../errors.ts';
import type { FileFormat, SourceFile } from './model.ts';
import { corrupt } from './reading-errors.ts';

const headBytes = 1024 * 1024;

/** The start of the file: enough for its first record. Throws `data.file-not-found` and `data.file-empty`. */
export async function readHead(path: string, name: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    if (bytesRead === 0) throw dataErrors['file-empty']({ file: name });
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'EISDIR')) {
      throw dataErrors['file-not-found']({ file: name }, error);
    }
    throw error;
  }
}

const formatOfExtension: Readonly<Record<string, FileFormat>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

/** The format by the first bytes, else by the name. Throws `data.file-format-unknown`. */
export function detectFormat(head: Buffer, name: string): FileFormat {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const format = formatOfExtension[extname(name).toLowerCase()];
  if (format === undefined) throw dataErrors['file-format-unknown']({ file: name });
  return format;
}

/** The start of a text file without its byte order mark; a character that the cut went through is left out. */
export function decodeHead(head: Buffer, file: SourceFile): string {
  const mark = head.length < 2 ? 0 : head.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff) throw dataErrors['file-encoding']({ file: file.name, line: 1 });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch (cause) {
    const before = new TextDecoder('utf-8').decode(head).split('�', 1)[0] ?? '';
    throw dataErrors['file-encoding']({ file: file.name, line: before.split('\n').length }, cause);
  }
}

/** Column names must stay apart when case is ignored, as it is in SQL. Throws `data.file-columns-repeated`. */
export function refuseRepeatedColumns(names: readonly string[], file: SourceFile): void {
  const seen = new Map<string, string>();
  const repeated = new Set<string>();
  for (const name of names) {
    if (name.includes('\0')) throw corrupt(file, 'a column name holds a NUL character.');
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), name);
    else repeated.add(first).add(name);
  }
  if (repeated.size > 0) throw dataErrors['file-columns-repeated']({ file: file.name, columns: [...repeated] });
}
