import type { ProfileWire } from '#data/wire.ts';
import type { Distribution, NumericBin } from '../charts/histogram-data.ts';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';

type Histogram = NonNullable<ProfileWire['columns'][number]['histogram']>;

/** The histogram of a profile as charts take it; values beyond the outermost edges are told by `tailsOf`. */
export function distributionOf(histogram: Histogram): Distribution {
  const { missing } = histogram;
  if (histogram.kind === 'numeric') {
    const { edges, counts } = histogram;
    return {
      kind: 'numeric',
      bins: counts.map((count, index) => ({ lower: edges[index] ?? 0, upper: edges[index + 1] ?? 0, count })),
      missing,
    };
  }
  const categories = histogram.values.map((category, index) => ({ category, count: histogram.counts[index] ?? 0 }));
  const rest = histogram.other > 0 && !hidesRest(histogram) ? [{ category: 'all others', count: histogram.other }] : [];
  return { kind: 'categorical', categories: [...categories, ...rest], missing };
}

// With more than this share in values that are not named, their one bar would press all others flat.
const restDrawn = 0.2;

function hidesRest({ counts, other }: Extract<Histogram, { readonly kind: 'categorical' }>): boolean {
  return (
    other /
      Math.max(
        1,
        counts.reduce((sum, count) => sum + count, other),
      ) >
    restDrawn
  );
}

/** What a histogram does not draw: the few values far out, which would press the rest together. */
export function tailsOf(histogram: Histogram, show: (value: number) => string = formatNumber): string | undefined {
  if (histogram.kind === 'categorical') {
    const total = histogram.counts.reduce((sum, count) => sum + count, histogram.other);
    return hidesRest(histogram)
      ? `Shares of the ${histogram.values.length} commonest values; ${formatShare(histogram.other / total, 0)} of the rows have others`
      : undefined;
  }
  const { edges, below, above } = histogram;
  const low = below > 0 && edges[0] !== undefined ? [`${formatCount(below)} below ${show(edges[0])}`] : [];
  const last = edges.at(-1);
  const high = above > 0 && last !== undefined ? [`${formatCount(above)} above ${show(last)}`] : [];
  const parts = [...low, ...high];
  return parts.length === 0 ? undefined : `Not drawn: ${parts.join(', ')}`;
}

/**
 * The reference counted over the ranges of the current distribution, so that both can be drawn together. Within a range the
 * values are taken as spread evenly, which is all that a histogram knows. What lies outside gets ranges of its own on both.
 */
export function onCommonBins(current: Distribution, reference: Distribution): readonly [Distribution, Distribution] {
  if (current.kind !== 'numeric' || reference.kind !== 'numeric') return [current, reference];
  const first = current.bins[0]?.lower;
  const last = current.bins.at(-1)?.upper;
  if (first === undefined || last === undefined || reference.bins.length === 0) return [current, reference];
  const low = Math.min(first, reference.bins[0]?.lower ?? first);
  const high = Math.max(last, reference.bins.at(-1)?.upper ?? last);
  const ranges = [
    ...(low < first ? [{ lower: low, upper: first, count: 0 }] : []),
    ...current.bins,
    ...(high > last ? [{ lower: last, upper: high, count: 0 }] : []),
  ];
  const counted = ranges.map(({ lower, upper }, index) => ({
    lower,
    upper,
    count: countWithin(reference.bins, { lower, upper, isLast: index === ranges.length - 1 }),
  }));
  return [
    { ...current, bins: ranges },
    { ...reference, bins: counted },
  ];
}

function countWithin(
  bins: readonly NumericBin[],
  { lower, upper, isLast }: { readonly lower: number; readonly upper: number; readonly isLast: boolean },
): number {
  return bins.reduce((sum, bin) => {
    const width = bin.upper - bin.lower;
    // A bin of one value belongs to the range that begins with it; at the end of all, to the last.
    if (width === 0) return bin.lower >= lower && (bin.lower < upper || (isLast && bin.lower === upper)) ? sum + bin.count : sum;
    return sum + (bin.count * Math.max(0, Math.min(upper, bin.upper) - Math.max(lower, bin.lower))) / width;
  }, 0);
}
