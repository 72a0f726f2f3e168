import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { runViewsQuery } from '../runs-api.ts';
import { type TableSearch, viewSearch } from './table-state.ts';

/** A link that names only a view opens all that the view keeps. */
export function useOpenedView(project: string, search: TableSearch, open: (search: TableSearch) => void): void {
  const client = useQueryClient();
  const { view, ...rest } = search;
  const bare = view !== undefined && Object.values(rest).every((value) => value === undefined) ? view : undefined;
  useEffect(() => {
    if (bare === undefined) return;
    // A view that is gone or private shows all runs, which the menu says.
    void (async () => {
      const read = await client.ensureQueryData(runViewsQuery(project)).catch(() => undefined);
      if (read === undefined) return;
      const found = read.items.find(({ id }) => id === bare);
      const next = found === undefined ? {} : viewSearch(found.id, found.table);
      if (found === undefined || Object.keys(next).length > 1) open(next);
    })();
  }, [bare, client, project, open]);
}
