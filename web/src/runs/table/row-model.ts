import type { RunGroupWire } from '#tracking/table/wire.ts';
import { compareValues } from '../../ui/table-columns.ts';
import { numberOf } from '../metric-value.ts';
import type { Measure, SortTerm } from './table-state.ts';

/** A stretch of rows of the table. Runs are known only by their count until they come into sight. */
export type Segment =
  | { readonly kind: 'runs'; readonly key: string; readonly filter: string | undefined; readonly count: number; readonly depth: number }
  | { readonly kind: 'group'; readonly key: string; readonly group: RunGroupWire; readonly open: boolean };

export interface RowModel {
  readonly count: number;
  readonly segments: readonly Segment[];
  /** Index of the first row of each segment. */
  readonly starts: readonly number[];
}

export interface RowPlace {
  readonly segment: Segment;
  /** Within the segment. */
  readonly offset: number;
}

export function rowModel(segments: readonly Segment[]): RowModel {
  const starts: number[] = [];
  let count = 0;
  for (const segment of segments) {
    starts.push(count);
    count += segment.kind === 'group' ? 1 : segment.count;
  }
  return { count, segments, starts };
}

export function placeOf({ starts, segments, count }: RowModel, index: number): RowPlace | undefined {
  if (index < 0 || index >= count) return undefined;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  return segment === undefined ? undefined : { segment, offset: index - (starts[low] ?? 0) };
}

/** Pages of a segment that rows `from` to `to` (inclusive) touch. */
export interface WantedPage {
  readonly key: string;
  readonly filter: string | undefined;
  readonly page: number;
}

export const pageSize = 100;

export function wantedPages(model: RowModel, from: number, to: number): readonly WantedPage[] {
  const wanted: WantedPage[] = [];
  for (const [index, segment] of model.segments.entries()) {
    const start = model.starts[index] ?? 0;
    if (segment.kind === 'group' || start > to || start + segment.count <= from) continue;
    const first = Math.floor(Math.max(0, from - start) / pageSize);
    const last = Math.floor(Math.min(segment.count - 1, to - start) / pageSize);
    for (let page = first; page <= last; page++) wanted.push({ key: segment.key, filter: segment.filter, page });
  }
  return wanted;
}

/**
 * Groups in the order of the table, as far as a group has what it asks for: its own value, the latest start, or a measure of a
 * metric. What lacks it comes last both ways; else the groups stay as they came, the latest first.
 */
export function sortGroups(
  groups: readonly RunGroupWire[],
  { by, term, metric, measure }: { by: string; term: SortTerm | undefined; metric: string | undefined; measure: Measure },
): readonly RunGroupWire[] {
  if (term === undefined) return groups;
  const keyOf = (group: RunGroupWire): string | number | undefined => {
    if (metric !== undefined) return numberOf(group.metrics[metric]?.[measure]);
    if (term.column === by || term.column === 'name') return group.label ?? group.value;
    return term.column === 'startedAt' ? group.lastStartedAt : undefined;
  };
  const sign = term.descending ? -1 : 1;
  return groups.toSorted((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return sign * compareValues(x, y);
  });
}

/** Groups as segments, each followed by its runs when it is open. `by` is a field of the filter language. */
export function groupSegments(
  by: string,
  groups: readonly RunGroupWire[],
  { open, filter }: { open: ReadonlySet<string>; filter: string | undefined },
): readonly Segment[] {
  return groups.flatMap((group): Segment[] => {
    const key = groupKey(group);
    const isOpen = open.has(key);
    const head: Segment = { kind: 'group', key, group, open: isOpen };
    if (!isOpen) return [head];
    return [head, { kind: 'runs', key, filter: bothFilters(filter, groupFilter(by, group.value)), count: group.runs, depth: 1 }];
  });
}

export function groupKey(group: Pick<RunGroupWire, 'value'>): string {
  return group.value === undefined ? 'missing' : `=${group.value}`;
}

export function groupFilter(by: string, value: string | undefined): string {
  return value === undefined ? `${by} is null` : `${by} = '${value.replaceAll("'", "''")}'`;
}

export function bothFilters(a: string | undefined, b: string): string {
  return a === undefined || a.trim() === '' ? b : `(${a}) and ${b}`;
}
