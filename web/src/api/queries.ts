import { QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, type Query } from './client.ts';
import type { QueryRoom } from './rooms.ts';

/** One cache for the page. Events say when something is stale, so nothing is asked again merely because time passed. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
      },
    },
  });
}

/** A read of the API. The key starts with the room, so that `invalidate(room)` and the live stream find it. */
export function apiQuery<T>(room: QueryRoom, path: string, query: Query = {}) {
  return queryOptions<T, Error, T, readonly [QueryRoom, string, Query]>({
    queryKey: [room, path, query],
    queryFn: ({ signal }) => get<T>(path, query, signal),
  });
}

/** A write to the API; when it succeeds, the named rooms are read again. */
export function useAction<Argument, Result>(act: (argument: Argument) => Promise<Result>, stale: readonly QueryRoom[]) {
  const client = useQueryClient();
  return useMutation<Result, Error, Argument>({
    mutationFn: act,
    onSuccess: async () => {
      await Promise.all(stale.map((room) => client.invalidateQueries({ queryKey: [room] })));
    },
  });
}
