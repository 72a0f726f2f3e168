import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import { Skeleton } from './skeleton.tsx';

interface QueryViewProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is being read, for the error: "The runs could not be read". */
  readonly failure: string;
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}

/** The three faces of a read. Old data stays on screen while new data is read; a failed re-read does not take it away. */
export function QueryView<T>({ query, failure, lines = 8, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ErrorState error={query.error} title={failure} onRetry={() => void query.refetch()} />;
  return <Skeleton lines={lines} />;
}
