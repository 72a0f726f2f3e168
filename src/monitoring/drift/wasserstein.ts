import { histogramDeviation, notMeasurable, presentCount, wassersteinDistance } from '#kernel/statistics/index.ts';

import { comparableCells, type DriftMethod } from './drift-method.ts';

// The distance of two samples of one distribution is about 0.8·√(1/n + 1/m) deviations, and there is no p-value to say so.
const fewestRows = 300;

export const wasserstein: DriftMethod = {
  name: 'wasserstein',
  title: 'Wasserstein distance in standard deviations',
  kinds: ['numeric'],
  definition:
    'Area between the cumulative curves over the standard deviation of the reference; values are spread evenly over their bin, values outside the bins towards the extreme seen, at most as far again as the bins are wide.',
  compare: (reference, current) => {
    const cells = comparableCells(reference, current);
    if (cells.state === 'not-measurable') return cells;
    if (reference.kind !== 'numeric' || current.kind !== 'numeric') return notMeasurable('Categories have no distance between them.');
    const rows = Math.min(presentCount(reference), presentCount(current));
    if (rows < fewestRows) return notMeasurable(`There are ${rows} values to compare; this distance needs ${fewestRows}.`);
    const area = wassersteinDistance(reference, current);
    const deviation = histogramDeviation(reference);
    if (area === undefined || deviation === undefined || !(deviation > 0)) return notMeasurable('The reference has no spread.');
    return { state: 'measured', value: area / deviation, threshold: 0.1, direction: 'above' };
  },
};
