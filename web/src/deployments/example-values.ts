import type { ColumnWire, HistogramWire } from '#monitoring/wire.ts';
import type { RevisionWire } from '#serving/wire.ts';
import { isText, rowElements } from './curl.ts';

type TensorSpec = RevisionWire['signature']['inputs'][number];

/** Text to begin with for each input: what is usual in the reference or in the traffic, else a value of the right kind. */
export function exampleValues(inputs: readonly TensorSpec[], columns: readonly ColumnWire[]): Readonly<Record<string, string>> {
  return Object.fromEntries(inputs.map((spec) => [spec.name, exampleOf(spec, columns)]));
}

function exampleOf(spec: TensorSpec, columns: readonly ColumnWire[]): string {
  const column = columns.find(({ name }) => name === spec.name);
  const usual = column === undefined ? undefined : (usualValue(column.reference ?? column.current) ?? usualValue(column.current));
  const one = usual === undefined ? plain(spec) : typeof usual === 'number' ? numberFor(spec, usual) : usual;
  return Array.from({ length: rowElements(spec) }, () => one).join(', ');
}

function plain(spec: TensorSpec): string {
  return spec.datatype === 'BOOL' ? 'false' : isText(spec) ? 'text' : '0';
}

function numberFor({ datatype }: TensorSpec, value: number): string {
  if (datatype === 'BOOL') return value >= 0.5 ? 'true' : 'false';
  return /INT/.test(datatype) ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

/** The most frequent value, or the middle of the bin in which the median lies. */
export function usualValue(histogram: HistogramWire): string | number | undefined {
  const { counts } = histogram;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  if (histogram.kind === 'categorical') return histogram.values[counts.indexOf(Math.max(...counts))];
  let seen = 0;
  const bin = counts.findIndex((count) => (seen += count) >= total / 2);
  const [lower, upper] = [histogram.edges[bin], histogram.edges[bin + 1]];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}
