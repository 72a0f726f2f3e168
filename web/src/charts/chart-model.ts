/** What every prepared chart has: the same figures as a table, what its null values mean, and what to do when there is nothing to draw. */

export type ChartCell = string | number | null;

export interface ChartTable {
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly ChartCell[])[];
}

/** Nothing to draw: why, and what fills it. Never a blank box. */
export interface NothingToDraw {
  readonly kind: 'nothing';
  readonly title: string;
  readonly hint: string;
}

export interface Drawable<Drawing> {
  readonly kind: 'drawing';
  readonly drawing: Drawing;
  readonly table: ChartTable;
  /** What a reader must know: left-out values, gaps, merged categories. */
  readonly notes: readonly string[];
}

export type Prepared<Drawing> = NothingToDraw | Drawable<Drawing>;

export function nothing(title: string, hint: string): NothingToDraw {
  return { kind: 'nothing', title, hint };
}

/** "1 point" or "3 points". */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

/** A finite number or null; JSON and computations also bring NaN, infinities and undefined. */
export function finite(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}
