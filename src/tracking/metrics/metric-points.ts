/**
 * Points of one metric, column by column. `subjects` says what each point measured (a number of `metric_subjects`, 0 for the run
 * alone); it is left out where no point measured anything else.
 */
export interface PointColumns {
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly subjects?: Int32Array | undefined;
}

export const noPoints: PointColumns = { steps: new Float64Array(), times: new Float64Array(), values: new Float64Array() };

/** Orders values of points with the same step and time: NaN is the lowest, and both zeros are one value. */
export function compareValues(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

/** The order of points: step, then time, then value. The latest point of a metric is the greatest. */
export function comparePoints(
  a: { readonly step: number; readonly time: number; readonly value: number },
  b: { readonly step: number; readonly time: number; readonly value: number },
): number {
  return a.step - b.step || a.time - b.time || compareValues(a.value, b.value);
}

function compareAt(points: PointColumns, a: number, b: number): number {
  const { steps, times, values } = points;
  return (steps[a] ?? 0) - (steps[b] ?? 0) || (times[a] ?? 0) - (times[b] ?? 0) || compareValues(values[a] ?? 0, values[b] ?? 0);
}

/** All points of `parts` in their order, each once. Where a point is there several times, one that says what it measured is kept. */
export function mergePoints(parts: readonly PointColumns[]): PointColumns {
  const [first] = parts;
  if (first === undefined) return noPoints;
  const all = parts.length === 1 ? first : concatenate(parts);
  if (isStrictlySorted(all)) return all;
  const order = Array.from({ length: all.steps.length }, (_, index) => index);
  const { subjects } = all;
  order.sort((a, b) => compareAt(all, a, b) || (subjects === undefined ? 0 : (subjects[b] ?? 0) - (subjects[a] ?? 0)));
  const kept = order.filter((index, place) => place === 0 || compareAt(all, order[place - 1] ?? 0, index) !== 0);
  return pick(all, kept);
}

function isStrictlySorted(points: PointColumns): boolean {
  for (let index = 1; index < points.steps.length; index++) if (compareAt(points, index - 1, index) >= 0) return false;
  return true;
}

function concatenate(parts: readonly PointColumns[]): PointColumns {
  const count = parts.reduce((sum, { steps }) => sum + steps.length, 0);
  const steps = new Float64Array(count);
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  const subjects = parts.some((part) => part.subjects !== undefined) ? new Int32Array(count) : undefined;
  let at = 0;
  for (const part of parts) {
    steps.set(part.steps, at);
    times.set(part.times, at);
    values.set(part.values, at);
    if (part.subjects !== undefined) subjects?.set(part.subjects, at);
    at += part.steps.length;
  }
  return { steps, times, values, subjects };
}

function pick({ steps, times, values, subjects }: PointColumns, indices: readonly number[]): PointColumns {
  const column = (from: Float64Array) => Float64Array.from(indices, (index) => from[index] ?? 0);
  return {
    steps: column(steps),
    times: column(times),
    values: column(values),
    subjects: subjects === undefined ? undefined : Int32Array.from(indices, (index) => subjects[index] ?? 0),
  };
}

/** The points from place `from` up to, not including, place `to`. */
export function slicePoints({ steps, times, values, subjects }: PointColumns, from: number, to: number): PointColumns {
  return {
    steps: steps.subarray(from, to),
    times: times.subarray(from, to),
    values: values.subarray(from, to),
    subjects: subjects?.subarray(from, to),
  };
}
