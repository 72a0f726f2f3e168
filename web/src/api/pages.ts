import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, post, type Query } from './client.ts';
import type { QueryRoom } from './rooms.ts';

/** One page of a list; `next` is where the following page begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

/** A list that is read page by page, as far as the reader scrolls. */
export function apiPages<Item>(room: QueryRoom, path: string, query: Query = {}) {
  return infiniteQueryOptions<Page<Item>, Error, readonly Item[], readonly [QueryRoom, string, Query, 'pages'], string | undefined>({
    queryKey: [room, path, query, 'pages'],
    queryFn: ({ pageParam, signal }) => get<Page<Item>>(path, { ...query, after: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
}

/** A question whose terms are too long for an address, and which changes nothing. */
export function apiQuestion<T>(room: QueryRoom, path: string, body: unknown) {
  return queryOptions<T, Error, T, readonly [QueryRoom, string, unknown]>({
    queryKey: [room, path, body],
    queryFn: () => post<T>(path, body),
  });
}
