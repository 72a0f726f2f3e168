/**
 * Benjamini-Hochberg adjusted p-values, in the order given: rejecting those at or below q keeps the expected share of false
 * rejections under q (1995). A p-value that is NaN counts as 1.
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const known = pValues.map((value) => (Number.isNaN(value) ? 1 : value));
  const descending = known.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  const adjusted = Array.from(known, () => 1);
  let smallest = 1;
  descending.forEach(({ value, index }, position) => {
    smallest = Math.min(smallest, (value * known.length) / (known.length - position));
    adjusted[index] = smallest;
  });
  return adjusted;
}
