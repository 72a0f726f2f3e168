import { stripVTControlCharacters, styleText } from 'node:util';
import type { Given } from './command.ts';
import type { CliContext } from './context.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: 'left' | 'right';
}

/**
 * A table with a header line, no line longer than `width`. Texts are cut, numbers never; where that is not enough the last columns are left
 * out and named below.
 */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number = process.stdout.columns ?? 160,
): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(String(column.value(row) ?? '–'))));
  const wanted = columns.map((column, index) => Math.max(column.title.length, ...cells.map((line) => printed(line[index] ?? ''))));
  const shown = columnsThatFit(wanted, columns, width);
  const widths = shrink(wanted.slice(0, shown), columns, width);
  const line = (texts: readonly string[]) =>
    widths
      .map((room, index) => pad(cut(texts[index] ?? '', room), room, columns[index]?.align ?? 'left'))
      .join(gap)
      .trimEnd();
  const left = columns.slice(shown).map(({ title }) => title);
  return [
    styleText('dim', line(columns.map((column) => column.title))),
    ...cells.map(line),
    ...(left.length === 0 ? [] : [styleText('dim', `Not shown for want of room: ${left.join(', ')}.`)]),
  ].join('\n');
}

/** `name  value` lines. */
export function renderPairs(pairs: readonly (readonly [string, string | number | undefined])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${styleText('dim', name.padEnd(width))}  ${value ?? '–'}`).join('\n');
}

/** Prints the machine's form with `--json`, else the reader's. */
export function print({ out }: CliContext, given: Given, value: unknown, text: () => string): void {
  out.write(given.json === true ? `${JSON.stringify(value, undefined, 2)}\n` : `${text()}\n`);
}

/** Prints a table, or what there is to know when it is empty. */
export function printTable<Row>(
  context: CliContext,
  given: Given,
  {
    value,
    rows,
    columns,
    empty,
  }: { readonly value: unknown; readonly rows: readonly Row[]; readonly columns: readonly Column<Row>[]; readonly empty: string },
): void {
  print(context, given, value, () => (rows.length === 0 ? empty : renderTable(rows, columns, context.out.columns ?? 160)));
}

/** The first part of an id: its time in milliseconds, which tells nearly all of them apart. Commands take it for the whole. */
export const shortId = (id: string): string => id.slice(0, 12);

export function formatBytes(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

export function formatTime(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19);
}

export function formatDuration(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

export function formatNumber(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return Number.isInteger(value) ? value.toLocaleString('en') : Number(value.toPrecision(5)).toString();
}

const gap = '  ';
const leastText = 8;

/** Names and messages come from everywhere; nothing in them may move the cursor or break the line. */
const oneLine = (text: string): string => stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ');

const printed = (text: string): number => stripVTControlCharacters(text).length;

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - printed(text)));
  return align === 'right' ? space + text : text + space;
}

function cut(text: string, width: number): string {
  return printed(text) <= width ? text : `${stripVTControlCharacters(text).slice(0, Math.max(1, width - 1))}…`;
}

/** What a column needs at least: a number all of itself, a text some letters. */
const leastOf = <Row>(wanted: number, column: Column<Row> | undefined): number =>
  column?.align === 'right' ? wanted : Math.min(wanted, leastText);

const taken = (widths: readonly number[]): number =>
  widths.reduce((sum, each) => sum + each, 0) + gap.length * Math.max(0, widths.length - 1);

function columnsThatFit<Row>(wanted: readonly number[], columns: readonly Column<Row>[], width: number): number {
  let shown = wanted.length;
  while (shown > 1 && taken(wanted.slice(0, shown).map((each, index) => leastOf(each, columns[index]))) > width) shown--;
  return shown;
}

/** Takes from the widest texts until all fit. */
function shrink<Row>(wanted: readonly number[], columns: readonly Column<Row>[], width: number): readonly number[] {
  const widths = [...wanted];
  for (let over = taken(widths) - width; over > 0; over--) {
    const spare = widths.map((each, index) => each - leastOf(each, columns[index]));
    const widest = widths.reduce(
      (best, each, index) => ((spare[index] ?? 0) > 0 && each > (widths[best] ?? 0) ? index : best),
      spare.findIndex((each) => each > 0),
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
