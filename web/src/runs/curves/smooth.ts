import type { LinePoint } from '../../charts/line-data.ts';

/**
 * Exponential moving average without the pull to zero at the beginning (Kingma and Ba 2015, section 3): weight 0 keeps the
 * curve, towards 1 it follows ever more slowly. Gaps stay gaps and do not pull.
 */
export function smooth(points: readonly LinePoint[], weight: number): readonly LinePoint[] {
  if (weight <= 0) return points;
  let average = 0;
  let share = 1;
  return points.map(({ x, y }) => {
    if (y === null || !Number.isFinite(y)) return { x, y };
    average = weight * average + (1 - weight) * y;
    share *= weight;
    return { x, y: average / (1 - share) };
  });
}
