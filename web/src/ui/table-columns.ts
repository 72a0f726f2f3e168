import type { ReactNode } from 'react';

/** What a cell compares and shows; undefined: there is no value, which sorts last in both directions. */
export type CellValue = string | number | boolean | undefined;

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** Stands once in the header, not in each cell. */
  readonly unit?: string;
  readonly value: (row: Row) => CellValue;
  /** Drawn instead of the value. */
  readonly cell?: (row: Row) => ReactNode;
  /** Right-aligned, tabular. */
  readonly numeric?: boolean;
  /** Decimals of every number in the column, so that points stand below each other. */
  readonly digits?: number;
  /** In px. A column with `grow` takes what is left and is never narrower. */
  readonly width?: number;
  readonly grow?: boolean;
  readonly sortable?: boolean;
  /** Not shown until the reader asks for it. */
  readonly hidden?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export const defaultWidth = 112;

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Order of two values that are both there: numbers by size, words as people read them (run-2 before run-10). */
export function compareValues(a: CellValue, b: CellValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return words.compare(String(a), String(b));
}

/** NaN cannot be ordered; it sorts like a missing value. */
export function sortable(value: CellValue): CellValue {
  return typeof value === 'number' && Number.isNaN(value) ? undefined : value;
}

/** The row that a key leads to from row `from`, or undefined when the key does not move. */
export function rowAfterKey(key: string, from: number, count: number): number | undefined {
  const page = 12;
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    j: from + 1,
    ArrowUp: from - 1,
    k: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined || count === 0 ? undefined : Math.min(Math.max(to, 0), count - 1);
}

/** The names to write above rows, by index of the first row of each group; none when a group is torn apart by sorting. */
export function groupHeads(groups: readonly string[]): ReadonlyMap<number, string> {
  const heads = new Map(groups.flatMap((group, index) => (group === groups[index - 1] ? [] : [[index, group] as const])));
  return heads.size === new Set(groups).size ? heads : new Map();
}
