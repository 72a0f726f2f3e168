import { statisticsErrors } from './errors.ts';

/**
 * Counts of numbers over fixed bins. Bin i holds edges[i] <= x < edges[i+1]; the last bin also holds its upper edge. `below` and
 * `above` count what lies outside (infinities too), `missing` counts null and NaN. The extremes are those of finite values seen;
 * they are absent when unknown or when nothing was seen.
 */
export interface NumericHistogram {
  readonly kind: 'numeric';
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
  readonly missing: number;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Counts of the values of a category. `other` counts values that are not listed, `missing` counts null. */
export interface CategoricalHistogram {
  readonly kind: 'categorical';
  readonly values: readonly string[];
  readonly counts: readonly number[];
  readonly other: number;
  readonly missing: number;
}

/** Plain JSON either way. Histograms of parts merge into the histogram of the whole. */
export type Histogram = NumericHistogram | CategoricalHistogram;

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** How many values were present, inside the listed bins or values or not. */
export function presentCount(histogram: Histogram): number {
  const inside = sum(histogram.counts);
  return histogram.kind === 'numeric' ? inside + histogram.below + histogram.above : inside + histogram.other;
}

/** Share of rows without a value; `undefined` for an empty histogram. */
export function missingShare(histogram: Histogram): number | undefined {
  const rows = presentCount(histogram) + histogram.missing;
  return rows === 0 ? undefined : histogram.missing / rows;
}

/**
 * Share of present values of `current` outside of what `reference` knows: below or above its bins, or a value it never saw.
 * `undefined` without values or when the kinds differ.
 */
export function unseenShare(reference: Histogram, current: Histogram): number | undefined {
  const present = presentCount(current);
  if (present === 0) return undefined;
  if (reference.kind === 'numeric') return current.kind === 'numeric' ? (current.below + current.above) / present : undefined;
  if (current.kind === 'numeric') return undefined;
  const known = new Set(reference.values.filter((_, index) => (reference.counts[index] ?? 0) > 0));
  return (current.other + sum(current.counts.filter((_, index) => !known.has(current.values[index] ?? '')))) / present;
}

/** The histogram of the rows of both. Associative; commutative up to the order in which categories are listed. */
export function mergeHistograms(left: Histogram, right: Histogram): Histogram {
  if (left.kind === 'numeric' && right.kind === 'numeric') return mergeNumeric(left, right);
  if (left.kind === 'categorical' && right.kind === 'categorical') return mergeCategorical(left, right);
  throw statisticsErrors['histograms-differ']({ why: `one is ${left.kind}, the other ${right.kind}` });
}

export function sameEdges(left: NumericHistogram, right: NumericHistogram): boolean {
  return left.edges.length === right.edges.length && left.edges.every((edge, index) => edge === right.edges[index]);
}

function extreme(pick: (...values: number[]) => number, ...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : pick(...known);
}

function mergeNumeric(left: NumericHistogram, right: NumericHistogram): NumericHistogram {
  if (!sameEdges(left, right)) throw statisticsErrors['histograms-differ']({ why: 'their bins have different edges' });
  return {
    kind: 'numeric',
    edges: left.edges,
    counts: left.counts.map((count, index) => count + (right.counts[index] ?? 0)),
    below: left.below + right.below,
    above: left.above + right.above,
    missing: left.missing + right.missing,
    minimum: extreme(Math.min, left.minimum, right.minimum),
    maximum: extreme(Math.max, left.maximum, right.maximum),
  };
}

function mergeCategorical(left: CategoricalHistogram, right: CategoricalHistogram): CategoricalHistogram {
  const counts = new Map(left.values.map((value, index) => [value, left.counts[index] ?? 0]));
  right.values.forEach((value, index) => counts.set(value, (counts.get(value) ?? 0) + (right.counts[index] ?? 0)));
  return {
    kind: 'categorical',
    values: [...counts.keys()],
    counts: [...counts.values()],
    other: left.other + right.other,
    missing: left.missing + right.missing,
  };
}
