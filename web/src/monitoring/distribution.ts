import type { HistogramWire } from '#monitoring/wire.ts';
import type { Distribution } from '../charts/histogram-data.ts';

/** A counted column as the chart draws it. */
export function distributionOf(histogram: HistogramWire): Distribution {
  if (histogram.kind === 'categorical') {
    const categories = histogram.values.map((category, index) => ({ category, count: histogram.counts[index] ?? 0 }));
    const other = histogram.other > 0 ? [{ category: 'other values', count: histogram.other }] : [];
    return { kind: 'categorical', categories: [...categories, ...other], missing: histogram.missing };
  }
  const bins = histogram.counts.map((count, index) => ({
    lower: histogram.edges[index] ?? Number.NaN,
    upper: histogram.edges[index + 1] ?? Number.NaN,
    count,
  }));
  return { kind: 'numeric', bins, missing: histogram.missing };
}

/** Rows whose number lies outside of the bins, and which no bar shows. */
export function outsideRows(histogram: HistogramWire): number {
  return histogram.kind === 'numeric' ? histogram.below + histogram.above : 0;
}
