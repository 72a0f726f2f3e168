import type { MetricPoint } from '../model.ts';

export interface Sampling {
  readonly runs: readonly string[];
  /** Inclusive; the whole history when left out. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** About so many steps of a run. */
  readonly most: number;
}

/** So many points of one run at most, whatever the number of points a step has. */
const mostPerRun = 25_000;

/**
 * The points of several runs at steps that are spread evenly over all steps that any of them has, and at the first and last step of
 * each run, so that every curve reaches its ends. All points of such a step come. The rule is that of MLflow's
 * get-history-bulk-interval.
 */
export async function sampledPoints(
  { runs, from = -Infinity, to = Infinity, most }: Sampling,
  read: (run: string) => AsyncIterable<readonly MetricPoint[]>,
): Promise<{ run: string; point: MetricPoint }[]> {
  const all = new Set<number>();
  const ends = new Map<string, { first: number; last: number }>();
  for (const run of runs) {
    for await (const page of read(run)) {
      for (const { step } of page) {
        if (step < from || step > to) continue;
        all.add(step);
        const known = ends.get(run);
        ends.set(run, { first: Math.min(known?.first ?? step, step), last: Math.max(known?.last ?? step, step) });
      }
    }
  }
  const steps = spreadSteps(
    [...all].toSorted((a, b) => a - b),
    most,
  );
  const found: { run: string; point: MetricPoint }[] = [];
  for (const [run, { first, last }] of ends) {
    let count = 0;
    for await (const page of read(run)) {
      for (const point of page) {
        const chosen = steps.has(point.step) || point.step === first || point.step === last;
        if (chosen && point.step >= from && point.step <= to && count++ < mostPerRun) found.push({ run, point });
      }
    }
  }
  return found;
}

/** Evenly spread ones of the steps, in order, and always the last one: at most `most` + 1. */
export function spreadSteps(steps: readonly number[], most: number): ReadonlySet<number> {
  if (steps.length <= most) return new Set(steps);
  const interval = steps.length / most;
  const chosen = new Set(Array.from({ length: most }, (_, index) => steps[Math.floor(index * interval)] ?? 0));
  return chosen.add(steps.at(-1) ?? 0);
}
