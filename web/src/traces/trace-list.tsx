import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo } from 'react';
import { ErrorState } from '../ui/error-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { Sort } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { orderKeys, traceColumns } from './trace-table.tsx';
import { traceCountQuery, tracePages, type TraceSearch } from './traces-api.ts';

interface TraceListProps {
  readonly project: string;
  readonly search: TraceSearch;
  readonly onOrder?: (order: string | undefined) => void;
  readonly tools?: ReactNode;
  /** Stands instead of the rows when there are none. */
  readonly empty: ReactNode;
}

const liveMs = 5_000;

/** Traces that fit, read as far as the reader scrolls. */
export function TraceList({ project, search, onOrder, tools, empty }: TraceListProps) {
  const navigate = useNavigate();
  const traces = useInfiniteQuery({
    ...tracePages(project, search),
    // Traces are no events. A list that was scrolled stays as it is.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) === 1 ? liveMs : false),
  });
  const count = useQuery({ ...traceCountQuery(project, search), refetchInterval: liveMs });
  const columns = useMemo(() => traceColumns(project), [project]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = traces;
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const rows = traces.data ?? [];
  return (
    <Table
      label="Traces"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: '/$project/traces/$trace', params: { project, trace: id } })}
      {...(onOrder === undefined ? {} : { sort: sortOf(search.order), onSort: (sort: Sort | undefined) => onOrder(orderOf(sort)) })}
      onEnd={readMore}
      {...(hasNextPage ? { total: Math.max(count.data?.count ?? 0, rows.length + 1) } : {})}
      maxHeight="max(360px, calc(100dvh - 220px))"
      tools={tools ?? false}
      empty={
        traces.isError ? (
          <ErrorState error={traces.error} title="The traces could not be read" onRetry={() => void traces.refetch()} />
        ) : traces.isPending ? (
          <Skeleton lines={8} />
        ) : (
          empty
        )
      }
    />
  );
}

function sortOf(order: string | undefined): Sort | undefined {
  const [key = 'timestamp', direction = 'desc'] = (order ?? '').split(' ').filter((word) => word !== '');
  const column = Object.keys(orderKeys).find((id) => orderKeys[id] === key);
  return column === undefined ? undefined : { column, descending: direction === 'desc' };
}

function orderOf(sort: Sort | undefined): string | undefined {
  const key = sort === undefined ? undefined : orderKeys[sort.column];
  return key === undefined || sort === undefined ? undefined : `${key} ${sort.descending ? 'desc' : 'asc'}`;
}
