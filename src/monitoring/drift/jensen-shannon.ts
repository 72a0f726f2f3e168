import { jensenShannonDistance } from '#kernel/statistics/index.ts';

import { binnedMethod } from './binned-method.ts';

export const jensenShannon = binnedMethod(
  {
    name: 'jensen_shannon',
    title: 'Jensen-Shannon distance',
    definition:
      'Root of the Jensen-Shannon divergence with base 2, 0 to 1, over 10 bins of equal reference count with what lies below and above the reference in bins of their own (categories: one bin a value); zeros stay zero.',
  },
  {
    distance: jensenShannonDistance,
    asChiSquare: (value) => 8 * Math.LN2 * value * value,
    tails: 'apart',
    threshold: 0.1,
  },
);
