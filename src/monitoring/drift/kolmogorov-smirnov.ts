import { kolmogorovSmirnov as test } from '#kernel/statistics/index.ts';

import { comparableCells, type DriftMethod } from './drift-method.ts';

export const kolmogorovSmirnov: DriftMethod = {
  name: 'kolmogorov_smirnov',
  title: 'Kolmogorov-Smirnov distance',
  kinds: ['numeric'],
  definition:
    'Largest gap of the cumulative shares, read at the bin edges: it falls short of the gap over all values by at most the largest share of one bin (1% with 100 reference quantile bins, nothing when each value has its bin). The p-value is that of the limit distribution.',
  compare: (reference, current) => {
    const cells = comparableCells(reference, current);
    if (cells.state === 'not-measurable') return cells;
    const result = test(cells);
    if (result === undefined) return { state: 'not-measurable', reason: 'One side holds no values.' };
    return { state: 'measured', value: result.distance, pValue: result.pValue, threshold: 0.1, direction: 'above' };
  },
};
