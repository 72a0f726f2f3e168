import { presentCount, sameEdges, type Histogram } from './histogram.ts';

/** Counts of two histograms over the same cells, in one order. Missing values take no part. */
export interface CellCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/**
 * Two histograms cell by cell. Numeric: below, each bin, above. Categorical: each value of either, then other. `undefined` when they
 * cannot be laid over each other (kinds or edges differ).
 */
export function alignedCells(reference: Histogram, current: Histogram): CellCounts | undefined {
  if (reference.kind === 'numeric' && current.kind === 'numeric') {
    if (!sameEdges(reference, current)) return undefined;
    return {
      reference: [reference.below, ...reference.counts, reference.above],
      current: [current.below, ...current.counts, current.above],
    };
  }
  if (reference.kind !== 'categorical' || current.kind !== 'categorical') return undefined;
  const values = [...new Set([...reference.values, ...current.values])];
  const countsOf = (histogram: typeof reference): readonly number[] => {
    const counts = new Map(histogram.values.map((value, index) => [value, histogram.counts[index] ?? 0]));
    return [...values.map((value) => counts.get(value) ?? 0), histogram.other];
  };
  return { reference: countsOf(reference), current: countsOf(current) };
}

/**
 * Joins neighbouring cells of a numeric histogram into about `bins` groups of equal reference count; a cell is never split, so a
 * heavy value keeps its own. With `tails` joined, what lies outside the reference counts in the outermost group (as the classic
 * population stability index has it); apart, it stays in cells of its own.
 */
export function joinByReference(cells: CellCounts, bins: number, tails: 'joined' | 'apart'): CellCounts {
  const inner = tails === 'joined' ? cells : { reference: cells.reference.slice(1, -1), current: cells.current.slice(1, -1) };
  const total = inner.reference.reduce((sum, count) => sum + count, 0);
  const groups: { reference: number; current: number }[] = [{ reference: 0, current: 0 }];
  let reached = 0;
  let cut = 0;
  inner.reference.forEach((count, index) => {
    const group = groups[groups.length - 1];
    if (group === undefined) return;
    group.reference += count;
    group.current += inner.current[index] ?? 0;
    reached += count;
    // The small addend keeps 0.1 + 0.2 from falling short of three tenths.
    const passed = Math.floor((reached * bins) / total + 1e-9);
    if (passed > cut && passed < bins && index < inner.reference.length - 1) groups.push({ reference: 0, current: 0 });
    cut = passed;
  });
  const reference = groups.map((group) => group.reference);
  const current = groups.map((group) => group.current);
  if (tails === 'joined') return { reference, current };
  return {
    reference: [cells.reference[0] ?? 0, ...reference, cells.reference.at(-1) ?? 0],
    current: [cells.current[0] ?? 0, ...current, cells.current.at(-1) ?? 0],
  };
}

/** Whether every present value lies in one bin or is one value: nothing can be said about its spread. */
export function isConstant(histogram: Histogram): boolean {
  const outside = histogram.kind === 'numeric' ? [histogram.below, histogram.above] : [histogram.other];
  return presentCount(histogram) > 0 && [...histogram.counts, ...outside].filter((count) => count > 0).length <= 1;
}
