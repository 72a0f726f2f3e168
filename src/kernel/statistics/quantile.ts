import { assertShare } from './errors.ts';

/** Finite values in ascending order; NaN and infinities are left out. */
export function sortedFinite(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).filter(Number.isFinite).sort();
}

/** Linear interpolation between order statistics (Hyndman and Fan type 7, the default of NumPy and R). `undefined` for no values. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number | undefined {
  assertShare('A quantile', share);
  const position = share * (sorted.length - 1);
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  if (lower === undefined || upper === undefined) return undefined;
  return lower + (upper - lower) * (position - Math.floor(position));
}

/** The row numbers in ascending order of their value; NaN last. Ties keep the order of the rows. */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const column = Float64Array.from(values);
  const order = Uint32Array.from(column.keys());
  // Both indexes come from the column itself, so neither value can be absent.
  return order.sort((a, b) => {
    const left = column[a] ?? 0;
    const right = column[b] ?? 0;
    if (left < right) return -1;
    if (left > right) return 1;
    if (left === right) return a - b;
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
  });
}

/** Ranks from 1; ties share the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(values);
  const ranks = new Float64Array(order.length);
  for (let start = 0; start < order.length;) {
    const end = tieEnd(values, order, start);
    for (let position = start; position < end; position++) ranks[order[position] ?? 0] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** One past the last position whose value equals the value at `start`, along an order made by `ascendingOrder`. */
export function tieEnd(values: ArrayLike<number>, order: Uint32Array, start: number): number {
  const value = values[order[start] ?? 0];
  let end = start + 1;
  while (end < order.length && values[order[end] ?? 0] === value) end++;
  return end;
}
