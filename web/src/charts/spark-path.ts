import { finite } from './chart-model.ts';

export interface SparkShape {
  readonly line: string;
  /** Points without neighbours, which a line cannot show. */
  readonly dots: readonly { readonly x: number; readonly y: number }[];
  readonly last: { readonly x: number; readonly y: number };
}

/** Path of a small line over evenly spaced values; null breaks it. Undefined: there is no value at all. */
export function sparkPath(
  values: readonly (number | null)[],
  size: { readonly width: number; readonly height: number },
): SparkShape | undefined {
  const numbers = values.map(finite);
  const there = numbers.filter((value) => value !== null);
  if (there.length === 0) return undefined;
  const low = Math.min(...there);
  const range = Math.max(...there) - low;
  const step = values.length > 1 ? size.width / (values.length - 1) : 0;
  const round = (value: number) => Math.round(value * 100) / 100;
  const points = numbers.map((value, index) =>
    value === null
      ? undefined
      : { x: round(index * step), y: round(range === 0 ? size.height / 2 : size.height - ((value - low) / range) * size.height) },
  );
  let line = '';
  const dots: { x: number; y: number }[] = [];
  points.forEach((point, index) => {
    if (point === undefined) return;
    const before = points[index - 1] !== undefined;
    const alone = !before && points[index + 1] === undefined;
    if (alone) dots.push(point);
    else line += `${before ? 'L' : 'M'}${point.x},${point.y}`;
  });
  const last = points.findLast((point) => point !== undefined);
  return last === undefined ? undefined : { line, dots, last };
}
