import { normalCdf, normalQuantile, normalSurvival } from './distributions.ts';

export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export type Alternative = 'two-sided' | 'greater' | 'less';

/** The p-value of a z statistic; `greater` means: large z is evidence. */
export function pValueOfZ(z: number, alternative: Alternative): number {
  if (alternative === 'greater') return normalSurvival(z);
  return alternative === 'less' ? normalCdf(z) : Math.min(1, 2 * normalSurvival(Math.abs(z)));
}

/**
 * Pooled two-proportion z test of `first` against `second`. `undefined` when a side is empty; when neither or all trials succeed
 * there is no difference to see and the p-value is 1 (two-sided) or 0.5.
 */
export function twoProportionTest(
  first: Proportion,
  second: Proportion,
  alternative: Alternative = 'two-sided',
): { readonly z: number; readonly pValue: number } | undefined {
  if (first.trials <= 0 || second.trials <= 0) return undefined;
  const pooled = (first.successes + second.successes) / (first.trials + second.trials);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials));
  const z = deviation === 0 ? 0 : (first.successes / first.trials - second.successes / second.trials) / deviation;
  return { z, pValue: pValueOfZ(z, alternative) };
}

/** Wilson score interval (1927), two-sided. For one-sided bounds at level 1 - a use confidence 1 - 2a. [0, 1] without trials. */
export function wilsonInterval(proportion: Proportion, confidence = 0.95): Interval {
  const { successes, trials } = proportion;
  if (trials <= 0) return { lower: 0, upper: 1 };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const share = successes / trials;
  const centre = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half = (z / (1 + (z * z) / trials)) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  // Rounding must not lift the bound of a share of exactly 0 or 1 off its end.
  return { lower: successes === 0 ? 0 : Math.max(0, centre - half), upper: successes === trials ? 1 : Math.min(1, centre + half) };
}

/** Interval for `first - second` from two Wilson intervals (Newcombe 1998, method 10): holds its level with few or no successes. */
export function proportionDifferenceInterval(first: Proportion, second: Proportion, confidence = 0.95): Interval | undefined {
  if (first.trials <= 0 || second.trials <= 0) return undefined;
  const a = first.successes / first.trials;
  const b = second.successes / second.trials;
  const ofFirst = wilsonInterval(first, confidence);
  const ofSecond = wilsonInterval(second, confidence);
  return {
    lower: a - b - Math.hypot(a - ofFirst.lower, ofSecond.upper - b),
    upper: a - b + Math.hypot(ofFirst.upper - a, b - ofSecond.lower),
  };
}
