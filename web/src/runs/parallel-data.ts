import type { RunComparisonWire } from '#tracking/wire.ts';

export interface ParallelAxis {
  readonly name: string;
  readonly kind: 'parameter' | 'metric';
  /** What stands at the ends of the axis, bottom to top. */
  readonly low: string;
  readonly high: string;
  /** Place of each run on the axis, 0 at the bottom to 1; undefined: the run has no value. */
  readonly places: readonly (number | undefined)[];
}

/** One axis for each parameter that differs and each metric; words stand in the order of the alphabet. */
export function parallelAxes({ parameters, metrics }: Pick<RunComparisonWire, 'parameters' | 'metrics'>): readonly ParallelAxis[] {
  const given = parameters.filter((line) => line.differs).map((line) => axisOf(line.name, 'parameter', line.values));
  const measured = metrics.filter((line) => line.differs).map((line) => axisOf(line.name, 'metric', line.values));
  return [...given, ...measured].filter((axis) => axis.low !== axis.high);
}

function axisOf(name: string, kind: ParallelAxis['kind'], values: readonly (string | number | null)[]): ParallelAxis {
  const there = values.filter((value) => value !== null);
  const numbers = there.map(Number);
  if (there.every((value, index) => String(value).trim() !== '' && Number.isFinite(numbers[index]))) {
    const low = Math.min(...numbers);
    const high = Math.max(...numbers);
    const places = values.map((value) => (value === null || high === low ? undefined : (Number(value) - low) / (high - low)));
    return { name, kind, low: String(Number(low.toPrecision(4))), high: String(Number(high.toPrecision(4))), places };
  }
  const words = [...new Set(there.map(String))].toSorted();
  const places = values.map((value) => (value === null ? undefined : words.indexOf(String(value)) / Math.max(1, words.length - 1)));
  return { name, kind, low: words[0] ?? '', high: words.at(-1) ?? '', places };
}
