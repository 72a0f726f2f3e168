import { chiSquareHomogeneity, type CellCounts } from '#kernel/statistics/index.ts';

import { comparableCells, type DriftMethod } from './drift-method.ts';

export const chiSquare: DriftMethod = {
  name: 'chi_square',
  title: "Chi-square test, Cramér's V",
  kinds: ['categorical'],
  definition:
    "Pearson's chi-square of the 2 x k table without continuity correction; values expected fewer than 5 times on either side are pooled. The value is Cramér's V, 0 to 1, which does not grow with the number of rows.",
  compare: (reference, current) => {
    const cells = comparableCells(reference, current);
    if (cells.state === 'not-measurable') return cells;
    const result = chiSquareHomogeneity(poolRare(cells));
    if (result === undefined) return { state: 'not-measurable', reason: 'All values are too rare to be compared one by one.' };
    return { state: 'measured', value: result.cramersV, pValue: result.pValue, threshold: 0.1, direction: 'above' };
  },
};

// Cochran's rule: the chi-square distribution holds only where at least five are expected.
function poolRare({ reference, current }: CellCounts): CellCounts {
  const n = reference.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  const isRare = (index: number): boolean => {
    const together = (reference[index] ?? 0) + (current[index] ?? 0);
    return (together * Math.min(n, m)) / (n + m) < 5;
  };
  const pool = (counts: readonly number[]): readonly number[] => [
    ...counts.filter((_, index) => !isRare(index)),
    counts.reduce((sum, count, index) => (isRare(index) ? sum + count : sum), 0),
  ];
  return { reference: pool(reference), current: pool(current) };
}
