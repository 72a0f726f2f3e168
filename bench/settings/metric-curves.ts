import { seededRandom } from '#kernel/statistics/index.ts';
import { systemActor } from '#kernel/events/index.ts';
import type { Tracking } from '#tracking/index.ts';

export const curvesProject = 'curves';
export const context = { actor: systemActor, project: curvesProject };
export const metricNames = Array.from({ length: 10 }, (_, index) => `metric-${index}`);

const stepsAtOnce = 100;

export interface Curves {
  readonly runs: readonly string[];
  /** Points of each metric of each run. */
  readonly steps: number;
}

/**
 * Logs runs of ten metrics each in batches of 1,000 points, 8 at a time, and ends them: falling curves with noise, values of full
 * precision, a step about every quarter of a second.
 */
export async function logCurves(tracking: Tracking, { runs: count, steps }: { runs: number; steps: number }): Promise<Curves> {
  const random = seededRandom(7);
  const runs: string[] = [];
  const logOne = async (): Promise<void> => {
    const { id } = await tracking.startRun(context, { project: curvesProject, experiment: 'curves' });
    runs.push(id);
    const began = 1_700_000_000_000 + Math.floor(1e9 * random.next());
    for (let from = 0; from < steps; from += stepsAtOnce) {
      const metrics = metricNames.flatMap((name, metric) =>
        Array.from({ length: stepsAtOnce }, (_, index) => {
          const step = from + index;
          const value = (1 + metric) * Math.exp(-step / 300) + 0.05 * random.next();
          return { name, step, time: began + step * 250 + Math.floor(20 * random.next()), value };
        }),
      );
      await tracking.log(id, { metrics });
    }
    await tracking.finishRun(context, id, { outcome: 'finished' });
  };
  let begun = 0;
  const writer = async (): Promise<void> => {
    while (begun < count) {
      begun++;
      await logOne();
    }
  };
  await Promise.all(Array.from({ length: 8 }, writer));
  return { runs, steps };
}

/** Calls `log` from so many writers at once for about `seconds`; calls a second. */
export async function rateOf(writers: number, seconds: number, log: (call: number, writer: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  const end = began + seconds * 1000;
  let calls = 0;
  const write = async (writer: number): Promise<void> => {
    while (performance.now() < end) await log(calls++, writer);
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return (1000 * calls) / (performance.now() - began);
}
