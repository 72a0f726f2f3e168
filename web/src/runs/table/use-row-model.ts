import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { runGroupsQuery } from '../runs-api.ts';
import type { GridColumn } from './grid-columns.tsx';
import { groupSegments, rowModel, type Segment } from './row-model.ts';
import type { TableSearch } from './table-state.ts';

/** The rows: all runs, or groups of which some are open. */
export function useRowModel(project: string, search: TableSearch, { count, columns }: { count: number; columns: readonly GridColumn[] }) {
  const { group, filter } = search;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [grouped, setGrouped] = useState(group);
  if (grouped !== group) {
    setGrouped(group);
    setOpen(new Set());
  }
  const metrics = useMemo(() => columns.flatMap((column) => (column.kind === 'metric' ? (column.name ?? []) : [])).toSorted(), [columns]);
  const plain = useQuery({ ...runGroupsQuery(project, search, group ?? '', []), enabled: group !== undefined }).data;
  const measured = useQuery({
    ...runGroupsQuery(project, search, group ?? '', metrics),
    enabled: group !== undefined && metrics.length > 0,
  }).data;
  const groups = measured ?? plain;
  const model = useMemo(() => {
    const all: Segment = { kind: 'runs', key: '', filter, count, depth: 0 };
    return rowModel(group === undefined ? [all] : groupSegments(group, groups?.items ?? [], { open, filter }));
  }, [group, groups, open, filter, count]);
  const toggle = useCallback(
    (key: string) =>
      setOpen((old) => {
        const next = new Set(old);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  return { model, toggle };
}
