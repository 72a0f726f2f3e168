import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { EventPageWire, EventWire } from '#governance/wire.ts';
import { useMemo } from 'react';
import { get } from '../api/client.ts';
import { apiQuery } from '../api/queries.ts';

/** What the server filters by. `type` is the beginning of a type: `run`, `dataset.snapshot`. */
export interface EventFilter {
  readonly project: string;
  readonly type: string | undefined;
  readonly subject: string | undefined;
}

const pageSize = 200;

/**
 * Events, the newest first. What was there at first is read in pages towards the past and never again, for events do not
 * change; what came since is one read that the live stream repeats.
 */
export function useEvents({ project, type, subject }: EventFilter) {
  const query = { project, subject, type: type === undefined ? undefined : typesOf(type) };
  const past = useInfiniteQuery({
    queryKey: ['past-events', query],
    queryFn: ({ pageParam, signal }) => get<EventPageWire>('/events', { ...query, before: pageParam, limit: pageSize }, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    // Someone who comes back sees the newest events, not those of an hour ago with all that came since.
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const anchor = past.data?.pages[0]?.size;
  const since = useQuery({
    ...apiQuery<EventPageWire>('events', '/events', { ...query, after: anchor ?? 0, limit: 1000 }),
    enabled: anchor !== undefined && !past.isPlaceholderData,
    placeholderData: keepPreviousData,
  });
  const events = useMemo(() => merge(since.data?.items ?? [], past.data?.pages ?? []), [since.data, past.data]);
  return { past, events, head: since.data ?? past.data?.pages[0] };
}

function merge(oldestFirst: readonly EventWire[], pages: readonly EventPageWire[]): readonly EventWire[] {
  const old = pages.flatMap((page) => page.items);
  const newest = old[0]?.number ?? 0;
  return [...oldestFirst.filter(({ number }) => number > newest).toReversed(), ...old];
}

/** The API takes whole types and, with a dot at the end, beginnings of types. */
function typesOf(prefix: string): readonly string[] {
  return prefix.endsWith('.') ? [prefix] : [prefix, `${prefix}.`];
}
