import { assertShare } from './errors.ts';
import { presentCount, type NumericHistogram } from './histogram.ts';

/** A cumulative distribution read from a histogram: straight within a bin, so a jump only where mass has no known width. */
export interface CumulativeCurve {
  readonly at: (x: number) => number;
  readonly knots: readonly number[];
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

// Mass outside the bins spreads towards the known extreme, but no further than the bins are wide: how the tail lies within is not
// known, and one absurd value must not stretch all of it. With no known extreme it sits on the outermost edge.
function segments(histogram: NumericHistogram): readonly Segment[] {
  const { edges, minimum, maximum } = histogram;
  const first = edges[0] ?? 0;
  const last = edges[edges.length - 1] ?? 0;
  const inner = histogram.counts.map((count, index) => ({ from: edges[index] ?? first, to: edges[index + 1] ?? last, count }));
  const belowEnd = Math.min(first, maximum ?? first);
  const aboveStart = Math.max(last, minimum ?? last);
  return [
    { from: Math.max(Math.min(belowEnd, minimum ?? first), belowEnd - (last - first)), to: belowEnd, count: histogram.below },
    ...inner,
    { from: aboveStart, to: Math.min(Math.max(aboveStart, maximum ?? last), aboveStart + (last - first)), count: histogram.above },
  ].filter((segment) => segment.count > 0);
}

/** The value that `share` of the present values do not exceed, as exact as the bin it falls in; `undefined` when empty. */
export function histogramQuantile(histogram: NumericHistogram, share: number): number | undefined {
  assertShare('A quantile', share);
  const total = presentCount(histogram);
  if (total === 0) return undefined;
  const target = share * total;
  let passed = 0;
  for (const segment of segments(histogram)) {
    if (segment.count > 0 && passed + segment.count >= target) {
      const x = segment.from + ((segment.to - segment.from) * (target - passed)) / segment.count;
      return Math.min(histogram.maximum ?? x, Math.max(histogram.minimum ?? x, x));
    }
    passed += segment.count;
  }
  return histogram.maximum ?? histogram.edges[histogram.edges.length - 1];
}

/** The cumulative curve of present values; `undefined` when empty. */
export function cumulativeCurve(histogram: NumericHistogram): CumulativeCurve | undefined {
  const total = presentCount(histogram);
  if (total === 0) return undefined;
  const parts = segments(histogram);
  const at = (x: number): number => {
    let reached = 0;
    for (const { from, to, count } of parts) {
      if (x >= to) reached += count;
      else if (x > from) reached += (count * (x - from)) / (to - from);
    }
    return reached / total;
  };
  return { at, knots: parts.flatMap((part) => [part.from, part.to]) };
}

/** Standard deviation (n in the denominator) with each value spread evenly over its bin; `undefined` when empty. */
export function histogramDeviation(histogram: NumericHistogram): number | undefined {
  const total = presentCount(histogram);
  if (total === 0) return undefined;
  const parts = segments(histogram);
  const mean = parts.reduce((sum, { from, to, count }) => sum + (count * (from + to)) / 2, 0) / total;
  const squares = parts.reduce((sum, { from, to, count }) => sum + count * (((from + to) / 2 - mean) ** 2 + (to - from) ** 2 / 12), 0);
  return Math.sqrt(squares / total);
}

/** Area between two cumulative curves, ∫|F − G| dx: the Wasserstein distance of order one. `undefined` when either is empty. */
export function wassersteinDistance(reference: NumericHistogram, current: NumericHistogram): number | undefined {
  const f = cumulativeCurve(reference);
  const g = cumulativeCurve(current);
  if (f === undefined || g === undefined) return undefined;
  const knots = [...new Set([...f.knots, ...g.knots])].sort((a, b) => a - b);
  const gap = (x: number): number => f.at(x) - g.at(x);
  let area = 0;
  for (let index = 1; index < knots.length; index++) {
    const from = knots[index - 1] ?? 0;
    const to = knots[index] ?? 0;
    // A curve may jump at a knot, so the gap is read at two thirds inside the piece, where both curves are straight, and drawn out.
    const left = gap(from + (to - from) / 3);
    const right = gap(to - (to - from) / 3);
    area += areaUnderAbsolute(2 * left - right, 2 * right - left) * (to - from);
  }
  return area;
}

/** ∫|line| over a unit interval for a straight line between two heights. */
function areaUnderAbsolute(start: number, end: number): number {
  if (start * end >= 0) return (Math.abs(start) + Math.abs(end)) / 2;
  return (start * start + end * end) / (2 * Math.abs(start - end));
}
