import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { runGroupsQuery } from '../runs-api.ts';
import type { GridColumn } from './grid-columns.tsx';
import { groupSegments, rowModel, type Segment, sortGroups } from './row-model.ts';
import type { Measure, SortTerm, TableSearch } from './table-state.ts';

/** The rows: all runs, or groups of which some are open. */
export function useRowModel(
  project: string,
  search: TableSearch,
  { count, columns, order, measure }: { count: number; columns: readonly GridColumn[]; order: readonly SortTerm[]; measure: Measure },
) {
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
    if (group === undefined) return rowModel([all]);
    const [term] = order;
    const metric = columns.find((column) => column.kind === 'metric' && column.id === term?.column)?.name;
    const sorted = sortGroups(groups?.items ?? [], { by: group, term, metric, measure });
    return rowModel(groupSegments(group, sorted, { open, filter }));
  }, [group, groups, open, filter, count, columns, order, measure]);
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
