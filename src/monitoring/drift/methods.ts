import { presentCount, type Histogram } from '#kernel/statistics/index.ts';

import { chiSquare } from './chi-square.ts';
import type { DriftMethod, DriftMethodName } from './drift-method.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { psi } from './psi.ts';
import { wasserstein } from './wasserstein.ts';

/** Every way to measure drift. A new method is one object in a file of its own and a line here. */
export const driftMethods: { readonly [Name in DriftMethodName]: DriftMethod } = {
  psi,
  jensen_shannon: jensenShannon,
  kolmogorov_smirnov: kolmogorovSmirnov,
  chi_square: chiSquare,
  wasserstein,
  hellinger,
};

// From here on a test finds any change significant; the distance alone should speak.
const largeSample = 1000;

/**
 * The method for a column when nobody chose one: with many values a bounded distance that means the same for numbers and categories,
 * with few a distance whose chance is known exactly enough.
 */
export function defaultDriftMethod(reference: Histogram, current: Histogram): DriftMethodName {
  const fewest = Math.min(presentCount(reference), presentCount(current));
  if (fewest >= largeSample) return 'jensen_shannon';
  return reference.kind === 'numeric' ? 'kolmogorov_smirnov' : 'chi_square';
}
