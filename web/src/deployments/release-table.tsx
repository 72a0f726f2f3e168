import type { ReleaseWire } from '#delivery/wire.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo } from 'react';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Table } from '../ui/table.tsx';
import { releasePages, type ReleaseSearch } from './deployments-api.ts';
import { releaseColumns } from './release-columns.tsx';

interface ReleaseTableProps {
  readonly project: string;
  readonly search: ReleaseSearch;
  readonly tools?: ReactNode | false;
}

export function ReleaseTable({ project, search, tools }: ReleaseTableProps) {
  const navigate = useNavigate();
  const releases = useInfiniteQuery(releasePages(project, search));
  const columns = useMemo(() => releaseColumns(project), [project]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = releases;
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const open = useCallback(
    (release: ReleaseWire) => void navigate({ to: '/$project/releases/$release', params: { project, release: release.id } }),
    [navigate, project],
  );
  const rows = releases.data ?? [];
  return (
    <Table
      label="Releases"
      columns={columns}
      rows={rows}
      rowKey={(release) => release.id}
      onOpen={open}
      onEnd={readMore}
      {...(hasNextPage ? { total: rows.length + 1 } : {})}
      {...(tools === undefined ? {} : { tools })}
      maxHeight="70vh"
      empty={
        releases.isError ? (
          <ErrorState error={releases.error} title="The releases could not be read" onRetry={() => void releases.refetch()} />
        ) : releases.isPending ? (
          <Skeleton lines={4} />
        ) : (
          <EmptyState title="No release" command={`ripen deploy --help`}>
            A release takes a model version through gates, staging and a canary into production.
          </EmptyState>
        )
      }
    />
  );
}
