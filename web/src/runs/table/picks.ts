import type { RunWire } from '#tracking/wire.ts';
import { placeOf, type RowModel, type RowPlace } from './row-model.ts';

/** A stretch of one segment that must be asked for by id, since its pages were not read. */
export interface UnreadStretch {
  readonly filter: string | undefined;
  readonly skip: number;
  readonly count: number;
}

/** The runs from one row to another, in either direction: ids where they are known, else the stretches to ask for. */
export function runsBetween(
  model: RowModel,
  runAt: (place: RowPlace) => Pick<RunWire, 'id'> | undefined,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly ids: readonly string[]; readonly unread: readonly UnreadStretch[] } {
  const [first, last] = from <= to ? [from, to] : [to, from];
  const ids: string[] = [];
  const unread: UnreadStretch[] = [];
  for (const [index, segment] of model.segments.entries()) {
    const start = model.starts[index] ?? 0;
    if (segment.kind === 'group' || start > last || start + segment.count <= first) continue;
    const low = Math.max(0, first - start);
    const high = Math.min(segment.count - 1, last - start);
    const known =
      high - low < 2000 ? Array.from({ length: high - low + 1 }, (_, step) => runAt({ segment, offset: low + step })?.id) : [undefined];
    if (known.every((id) => id !== undefined)) ids.push(...known);
    else unread.push({ filter: segment.filter, skip: low, count: high - low + 1 });
  }
  return { ids, unread };
}

/** The run in a row, if there is one that was read. */
export function runInRow<Run>(model: RowModel, runAt: (place: RowPlace) => Run | undefined, index: number): Run | undefined {
  const place = placeOf(model, index);
  return place === undefined || place.segment.kind === 'group' ? undefined : runAt(place);
}
