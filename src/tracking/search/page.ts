import { type Place, writePlace } from './place.ts';

/** A row as a search found it, and where it stands in the order. */
export interface Placed<Row> {
  readonly row: Row;
  readonly place: Place;
}

/** The page of what was found by a search for one row more than `limit`; `next` is the token of the page after it, if there is one. */
export function cutPage<Row>(found: readonly Placed<Row>[], limit: number, binding: string): { rows: Row[]; next?: string } {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  return { rows: page.map(({ row }) => row), ...(more ? { next: writePlace(last.place, binding) } : {}) };
}
