import { populationStabilityIndex } from '#kernel/statistics/index.ts';

import { binnedMethod } from './binned-method.ts';

/** Bands in use: below 0.1 stable, to 0.25 moderate, beyond major. */
export const psi = binnedMethod(
  {
    name: 'psi',
    title: 'Population stability index',
    definition:
      'Sum of (r - c) * ln(r / c) over 10 bins of equal reference count with open ends (categories: one bin a value); a share of zero is read as 0.0001, shares are not renormalised.',
  },
  { distance: (r, c) => populationStabilityIndex(r, c), asChiSquare: (value) => value, tails: 'joined', threshold: 0.2 },
);
