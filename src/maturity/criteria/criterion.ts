/** How a criterion is written down: only what differs from the usual. */
import type { Capability, Criterion, Threshold } from '../model.ts';

/** One capability of the ladder with its criteria. */
export interface CriteriaGroup extends Capability {
  readonly criteria: readonly Criterion[];
}

type Usual = 'must' | 'windowDays' | 'minimumSample';

/** Not a must, 30 days, one observation, unless said otherwise. */
export function criterion(rule: Omit<Criterion, Usual> & Partial<Pick<Criterion, Usual>>): Criterion {
  return { must: false, windowDays: 30, minimumSample: 1, ...rule };
}

export const share = (value: number): Threshold => ({ value, unit: 'share', comparison: 'at-least' });
export const shareAtMost = (value: number): Threshold => ({ value, unit: 'share', comparison: 'at-most' });
export const atLeast = (value: number, unit: Threshold['unit'] = 'count'): Threshold => ({ value, unit, comparison: 'at-least' });
export const atMost = (value: number, unit: Threshold['unit'] = 'count'): Threshold => ({ value, unit, comparison: 'at-most' });
