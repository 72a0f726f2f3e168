import { statisticsErrors } from './errors.ts';
import type { CategoricalHistogram, NumericHistogram } from './histogram.ts';
import { quantileOfSorted, sortedFinite } from './quantile.ts';

/** Counts values as they pass; `snapshot` is a histogram of those so far and later values do not change it. */
export interface Counter<Value, Counted> {
  readonly add: (value: Value | null | undefined) => void;
  readonly snapshot: () => Counted;
}

export function assertEdges(edges: readonly number[]): void {
  const ascending = edges.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > (edges[index - 1] ?? Infinity)));
  if (edges.length < 2 || !ascending) throw statisticsErrors['edges-not-ascending']({ edges: edges.length });
}

/** The number of edges at or below `value`: 0 is below all bins, edges.length is at or above the last edge. */
function edgesAtOrBelow(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function numericCounter(edges: readonly number[]): Counter<number, NumericHistogram> {
  assertEdges(edges);
  const table = Float64Array.from(edges);
  const last = table[table.length - 1] ?? Infinity;
  // Cell 0 is below, the last cell is above, so that a position is a cell.
  const cells = new Float64Array(table.length + 1);
  let missing = 0;
  let minimum = Infinity;
  let maximum = -Infinity;
  const add = (value: number | null | undefined): void => {
    if (value === null || value === undefined || Number.isNaN(value)) {
      missing += 1;
      return;
    }
    const cell = value === last ? table.length - 1 : edgesAtOrBelow(table, value);
    cells[cell] = (cells[cell] ?? 0) + 1;
    if (value < minimum && value !== -Infinity) minimum = value;
    if (value > maximum && value !== Infinity) maximum = value;
  };
  const snapshot = (): NumericHistogram => ({
    kind: 'numeric',
    edges,
    counts: Array.from(cells.subarray(1, table.length)),
    below: cells[0] ?? 0,
    above: cells[table.length] ?? 0,
    missing,
    minimum: Number.isFinite(minimum) ? minimum : undefined,
    maximum: Number.isFinite(maximum) ? maximum : undefined,
  });
  return { add, snapshot };
}

export function categoricalCounter(values: readonly string[]): Counter<string, CategoricalHistogram> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (counts.has(value)) throw statisticsErrors['values-repeated']({ value });
    counts.set(value, 0);
  }
  let other = 0;
  let missing = 0;
  const add = (value: string | null | undefined): void => {
    const count = value === null || value === undefined ? undefined : counts.get(value);
    if (value === null || value === undefined) missing += 1;
    else if (count === undefined) other += 1;
    else counts.set(value, count + 1);
  };
  return { add, snapshot: () => ({ kind: 'categorical', values, counts: [...counts.values()], other, missing }) };
}

/** The histogram of a whole column of numbers. */
export function numericHistogram(values: Iterable<number | null | undefined>, edges: readonly number[]): NumericHistogram {
  const counter = numericCounter(edges);
  for (const value of values) counter.add(value);
  return counter.snapshot();
}

/** The histogram of a whole column of categories. */
export function categoricalHistogram(values: Iterable<string | null | undefined>, known: readonly string[]): CategoricalHistogram {
  const counter = categoricalCounter(known);
  for (const value of values) counter.add(value);
  return counter.snapshot();
}

/**
 * Edges that suit a reference column, to be shared by all windows compared with it. Up to `bins` distinct values: one bin for each,
 * so that nothing is lost. More: bins of equal reference count (edges at the quantiles, equal ones merged). `undefined` when the
 * column has no finite value.
 */
export function referenceEdges(reference: ArrayLike<number>, bins = 100): readonly number[] | undefined {
  const sorted = sortedFinite(reference);
  const distinct = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  const highest = distinct[distinct.length - 1];
  if (highest === undefined) return undefined;
  if (distinct.length <= bins) {
    const before = distinct[distinct.length - 2];
    const gap = before === undefined ? Math.max(1, Math.abs(highest)) * 1e-9 : highest - before;
    return [...distinct, highest + gap];
  }
  const quantiles = Array.from({ length: bins + 1 }, (_, index) => quantileOfSorted(sorted, index / bins) ?? highest);
  return quantiles.filter((edge, index) => index === 0 || edge > (quantiles[index - 1] ?? edge));
}

/** `bins` bins of one width over [lower, upper]. */
export function equalWidthEdges(lower: number, upper: number, bins: number): readonly number[] {
  const edges = Array.from({ length: bins + 1 }, (_, index) => (index === bins ? upper : lower + ((upper - lower) * index) / bins));
  assertEdges(edges);
  return edges;
}

/** Bins of one relative width from `lower` (above 0) to at least `upper`: latencies and sizes, where a share of the value matters. */
export function geometricEdges(lower: number, upper: number, ratio = 1.1): readonly number[] {
  const steps = Math.max(1, Math.ceil(Math.log(upper / lower) / Math.log(ratio) - 1e-9));
  const edges = [0, ...Array.from({ length: Number.isFinite(steps) ? steps + 1 : 0 }, (_, index) => lower * ratio ** index)];
  assertEdges(edges);
  return edges;
}
