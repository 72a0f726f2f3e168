import type { HistogramWire } from '#monitoring/wire.ts';
import type { Distribution, NumericBin } from '../charts/histogram-data.ts';

/** A counted column as the chart draws it. */
export function distributionOf(histogram: HistogramWire): Distribution {
  if (histogram.kind === 'categorical') {
    const categories = histogram.values.map((category, index) => ({ category, count: histogram.counts[index] ?? 0 }));
    const other = histogram.other > 0 ? [{ category: 'other values', count: histogram.other }] : [];
    return { kind: 'categorical', categories: [...categories, ...other], missing: histogram.missing };
  }
  return { kind: 'numeric', bins: mergeBins(histogram.edges, histogram.counts), missing: histogram.missing };
}

const mostBins = 32;

/**
 * Bins that hold equal shares of the reference are narrow where rows are dense. Drawn as they are, one wide bin would look like most of
 * the rows; so neighbours are joined until each is at least a 32nd of the whole range. Depends on the edges alone: histograms over the
 * same edges get the same bins.
 */
export function mergeBins(edges: readonly number[], counts: readonly number[]): readonly NumericBin[] {
  const first = edges[0] ?? 0;
  const least = ((edges.at(-1) ?? 0) - first) / mostBins;
  const bins: NumericBin[] = [];
  let lower = first;
  let count = 0;
  counts.forEach((each, index) => {
    const upper = edges[index + 1] ?? lower;
    count += each;
    // Edges come out of computations; a bin that misses the width by rounding alone is wide enough.
    if (counts.length > mostBins && upper - lower < least * 0.999 && index < counts.length - 1) return;
    bins.push({ lower, upper, count });
    lower = upper;
    count = 0;
  });
  return bins;
}

/** Rows whose number lies outside of the bins, and which no bar shows. */
export function outsideRows(histogram: HistogramWire): number {
  return histogram.kind === 'numeric' ? histogram.below + histogram.above : 0;
}
