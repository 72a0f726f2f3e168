import { equalWidthEdges } from '#kernel/statistics/index.ts';

const bins = 60;

/**
 * Edges for the histogram of a column: wide enough for the middle 98 percent, so that a few extremes do not squeeze everything else into one
 * bin (they are counted below and above). Whole numbers get bins of whole width.
 */
export function profileEdges(figures: {
  minimum: number;
  maximum: number;
  low: number;
  high: number;
  whole: boolean;
}): readonly number[] | undefined {
  const { minimum, maximum, whole } = figures;
  const [low, high] = figures.high > figures.low ? [figures.low, figures.high] : [minimum, maximum];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  if (whole && Math.abs(low) < 2 ** 52 && Math.abs(high) < 2 ** 52) {
    const from = Math.floor(maximum - minimum < bins ? minimum : low);
    const to = Math.ceil(maximum - minimum < bins ? maximum : high) + 1;
    const width = Math.ceil((to - from) / bins);
    const count = Math.ceil((to - from) / width);
    return equalWidthEdges(from, from + count * width, count);
  }
  if (high > low && Number.isFinite(high - low) && low + (high - low) / bins > low && high - (high - low) / bins < high)
    return equalWidthEdges(low, high, bins);
  const gap = Math.max(1, Math.abs(low)) * 1e-9;
  return low + gap > low && Number.isFinite(low + gap) ? [low, low + gap] : undefined;
}
