import { quoteLiteral } from '#kernel/analytics/index.ts';
import { dataErrors } from '../errors.ts';
import type { SourceFile } from './model.ts';
import { decodeHead, refuseRepeatedColumns } from './source-file.ts';

const delimiters = [',', ';', '\t', '|'] as const;

interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

/**
 * The first record: its delimiter is the one that gives the most fields. DuckDB's own sniffer is not asked, because it drops lines
 * that do not fit its guess without a word.
 */
export function readCsvHeader(head: Buffer, file: SourceFile): CsvHeader {
  const text = decodeHead(head, file);
  if (text.trim() === '') throw dataErrors['file-empty']({ file: file.name });
  const records = delimiters.map((delimiter) => ({ delimiter, columns: firstRecord(text, delimiter) }));
  const best = records.reduce((a, b) => (b.columns.length > a.columns.length ? b : a));
  const missing = (reason: string): Error => dataErrors['file-header-missing']({ file: file.name, reason });
  const unnamed = best.columns.findIndex((column) => column.trim() === '');
  if (unnamed >= 0)
    throw missing(best.columns.length === 1 ? 'the first line is empty' : `field ${unnamed + 1} of the first line is empty`);
  if (best.columns.every((column) => Number.isFinite(Number(column)))) throw missing('the first line holds only numbers');
  refuseRepeatedColumns(best.columns, file);
  return best;
}

/** The fields of the first record (RFC 4180): quotes may hold delimiters, line breaks and doubled quotes. */
function firstRecord(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') field += text[++index];
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === '\n' || character === '\r') break;
    else if (character === delimiter) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}

/** All columns as text, every line held to the number of fields of the header. */
export function csvRelation(file: SourceFile, { delimiter, columns }: CsvHeader): string {
  const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quoteLiteral(file.path)}, auto_detect = false, header = true, delim = ${quoteLiteral(delimiter)}, quote = '"', escape = '"',
    strict_mode = true, columns = {${types}})`;
}
