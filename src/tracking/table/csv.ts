import { numberOf } from '../names.ts';
import type { Run } from '../model.ts';
import type { ExportColumn } from './export-columns.ts';

/**
 * One line of comma-separated values (RFC 4180), numbers in full, times as ISO 8601 in UTC, what is missing as nothing. A text
 * that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection); numbers stay numbers.
 */
export function csvLine(columns: readonly ExportColumn[], run: Run): string {
  return `${columns.map((column) => cell(column, column.value(run))).join(',')}\r\n`;
}

export function csvHead(columns: readonly ExportColumn[]): string {
  return `${columns.map(({ name }) => quote(harmless(name))).join(',')}\r\n`;
}

function cell({ kind }: ExportColumn, value: string | number | undefined): string {
  if (value === undefined) return '';
  if (kind === 'time') return isoTime(Number(value));
  if (typeof value === 'number') return String(value);
  return quote(numberOf(value) === undefined ? harmless(value) : value);
}

/** Times beyond what a date can say stay numbers. */
export function isoTime(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}

function harmless(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

// An empty text is quoted, so that it differs from a missing one.
function quote(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
