export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest rank; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export interface Figure {
  /** Median over the repeats. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly repeats: number;
}

export function figureOf(values: readonly number[]): Figure {
  return { value: median(values), least: Math.min(...values), most: Math.max(...values), repeats: values.length };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of each of `times` runs, one after the other. */
export async function repeated(times: number, work: (index: number) => unknown): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let index = 0; index < times; index++) taken.push(await timed(() => work(index)));
  return taken;
}

/** Milliseconds of processor that this process spends while `work` runs: what other work on the machine hardly changes. */
export async function processorTimed(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
