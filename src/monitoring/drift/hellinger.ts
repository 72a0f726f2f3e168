import { hellingerDistance } from '#kernel/statistics/index.ts';

import { binnedMethod } from './binned-method.ts';

export const hellinger = binnedMethod(
  {
    name: 'hellinger',
    title: 'Hellinger distance',
    definition: 'Euclidean distance of the root shares over root 2, 0 to 1, over the bins of the Jensen-Shannon distance.',
  },
  { distance: hellingerDistance, asChiSquare: (value) => 8 * value * value, tails: 'apart', threshold: 0.1 },
);
