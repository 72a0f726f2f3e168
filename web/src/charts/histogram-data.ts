import { counted, nothing, type Prepared } from './chart-model.ts';

export interface NumericBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

export interface CategoryCount {
  readonly category: string;
  readonly count: number;
}

/** Counts of one column or score. `missing`: rows without a value; they are not in any bin. */
export type Distribution =
  | { readonly kind: 'numeric'; readonly bins: readonly NumericBin[]; readonly missing?: number }
  | { readonly kind: 'categorical'; readonly categories: readonly CategoryCount[]; readonly missing?: number };

export interface HistogramBar {
  readonly label: string;
  /** Place on the axis: values of the column for numbers, 0..n for categories. */
  readonly from: number;
  readonly to: number;
  /** Shares 0..1 of all rows with a value; undefined: there is no such distribution. */
  readonly current: number | undefined;
  readonly reference: number | undefined;
  readonly currentCount: number | undefined;
  readonly referenceCount: number | undefined;
}

export interface HistogramDrawing {
  readonly kind: 'numeric' | 'categorical';
  readonly bars: readonly HistogramBar[];
  readonly highest: number;
  readonly compares: boolean;
}

const mostCategories = 24;

/** Shares of the current distribution and, behind it, of the reference. Both must have the same bins. */
export function prepareHistogram(current: Distribution | undefined, reference?: Distribution): Prepared<HistogramDrawing> {
  const first = current ?? reference;
  if (first === undefined) return nothing('No distribution yet', 'It is computed with the first window or snapshot.');
  if (current !== undefined && reference !== undefined && current.kind !== reference.kind)
    return nothing(
      'The column changed its type',
      `The reference is ${reference.kind}, the current values are ${current.kind}. Compare with a newer reference.`,
    );
  const notes: string[] = [];
  const bars = first.kind === 'numeric' ? numericBars(current, reference) : categoryBars(current, reference, notes);
  if (bars === undefined)
    return nothing(
      'The bins differ',
      'Current and reference were counted over different ranges, so their bars cannot be compared. Evaluate the window again with this reference.',
    );
  const shares = bars.flatMap((bar) => [bar.current ?? 0, bar.reference ?? 0]);
  const highest = Math.max(0, ...shares);
  if (highest === 0) return nothing('No row has a value', 'All values are missing, or the window has no rows.');
  if ((current?.missing ?? 0) > 0) notes.push(`${counted(current?.missing ?? 0, 'row')} without a value are not shown`);
  if ((reference?.missing ?? 0) > 0)
    notes.push(`${counted(reference?.missing ?? 0, 'row')} of the reference without a value are not shown`);
  const drawing = { kind: first.kind, bars, highest, compares: current !== undefined && reference !== undefined };
  return { kind: 'drawing', drawing, notes, table: tableOf(bars, first.kind) };
}

function numericBars(current: Distribution | undefined, reference: Distribution | undefined): readonly HistogramBar[] | undefined {
  const now = current?.kind === 'numeric' ? current.bins : undefined;
  const before = reference?.kind === 'numeric' ? reference.bins : undefined;
  const bins = now ?? before ?? [];
  if (now !== undefined && before !== undefined && !sameEdges(now, before)) return undefined;
  const share = { now: shareOf(now), before: shareOf(before) };
  return bins.map((bin, index) => ({
    label: `${bin.lower} to ${bin.upper}`,
    from: bin.lower,
    to: bin.upper,
    currentCount: now?.[index]?.count,
    referenceCount: before?.[index]?.count,
    current: share.now(now?.[index]?.count),
    reference: share.before(before?.[index]?.count),
  }));
}

function sameEdges(a: readonly NumericBin[], b: readonly NumericBin[]): boolean {
  const close = (x: number, y: number) => x === y || Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
  return (
    a.length === b.length &&
    a.every((bin, index) => close(bin.lower, b[index]?.lower ?? Number.NaN) && close(bin.upper, b[index]?.upper ?? Number.NaN))
  );
}

function categoryBars(current: Distribution | undefined, reference: Distribution | undefined, notes: string[]): readonly HistogramBar[] {
  const now = countsOf(current);
  const before = countsOf(reference);
  const all = [...new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])];
  const size = (name: string) => (before ?? now)?.get(name) ?? 0;
  const names = all.toSorted((a, b) => size(b) - size(a) || (now?.get(b) ?? 0) - (now?.get(a) ?? 0));
  const shown = names.slice(0, mostCategories);
  const rest = names.slice(mostCategories);
  if (rest.length > 0) notes.push(`${counted(rest.length, 'smaller category').replace('categorys', 'categories')} are merged as “other”`);
  const groups = [...shown.map((name) => ({ label: name, names: [name] })), ...(rest.length > 0 ? [{ label: 'other', names: rest }] : [])];
  const share = { now: shareOf(valuesOf(now)), before: shareOf(valuesOf(before)) };
  const sum = (counts: ReadonlyMap<string, number> | undefined, of: readonly string[]) =>
    counts === undefined ? undefined : of.reduce((total, name) => total + (counts.get(name) ?? 0), 0);
  return groups.map(({ label, names: merged }, index) => {
    const currentCount = sum(now, merged);
    const referenceCount = sum(before, merged);
    return {
      label,
      from: index,
      to: index + 1,
      currentCount,
      referenceCount,
      current: share.now(currentCount),
      reference: share.before(referenceCount),
    };
  });
}

function countsOf(distribution: Distribution | undefined): ReadonlyMap<string, number> | undefined {
  if (distribution?.kind !== 'categorical') return undefined;
  return new Map(distribution.categories.map(({ category, count }) => [category, count]));
}

function valuesOf(counts: ReadonlyMap<string, number> | undefined) {
  return counts === undefined ? undefined : [...counts.values()].map((count) => ({ count }));
}

/** Turns a count into its share of all counts. */
function shareOf(bins: readonly { readonly count: number }[] | undefined) {
  const total = bins?.reduce((sum, bin) => sum + bin.count, 0) ?? 0;
  return (count: number | undefined) => (count === undefined ? undefined : total === 0 ? 0 : count / total);
}

function tableOf(bars: readonly HistogramBar[], kind: 'numeric' | 'categorical') {
  const cell = (value: number | undefined) => value ?? null;
  return {
    columns: [
      { name: kind === 'numeric' ? 'Range' : 'Category', numeric: false },
      { name: 'Current rows', numeric: true },
      { name: 'Current share', numeric: true },
      { name: 'Reference rows', numeric: true },
      { name: 'Reference share', numeric: true },
    ],
    rows: bars.map((bar) => [bar.label, cell(bar.currentCount), cell(bar.current), cell(bar.referenceCount), cell(bar.reference)]),
  };
}
