import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { runCountQuery, runGroupsQuery, runPageQuery } from '../runs-api.ts';
import { pageSize } from './row-model.ts';
import type { TableSearch } from './table-state.ts';

/** While another search is being read, or when the server refuses it, the rows of the last one stay. */
export function useSettledSearch(project: string, search: TableSearch, only: readonly string[] | undefined) {
  const [shown, setShown] = useState(search);
  const page = useQuery(runPageQuery(project, { ...search, only }, 0, pageSize));
  const counted = useQuery(runCountQuery(project, search));
  const groups = useQuery({ ...runGroupsQuery(project, search, search.group ?? '', []), enabled: search.group !== undefined });
  const isReady = page.data !== undefined && counted.data !== undefined && (search.group === undefined || groups.data !== undefined);
  if (isReady && shown !== search) setShown(search);
  const first = useQuery({ ...runPageQuery(project, { ...shown, only }, 0, pageSize), placeholderData: keepPreviousData }).data?.items;
  return { shown, first, error: page.error ?? groups.error, refetch: () => void page.refetch() };
}
