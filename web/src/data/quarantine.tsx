import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { QuarantineWire } from '#data/wire.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Bytes, RelativeTime } from '../ui/values.tsx';
import { type DatasetAddress, quarantineQuery } from './data-queries.ts';
import { RefusedLoad } from './refused-load.tsx';

const route = getRouteApi('/$project/data/$dataset');

/** Files that were refused, the newest first: why, and which rows. */
export function Quarantine({ of }: { readonly of: DatasetAddress }) {
  const { load } = route.useSearch();
  const navigate = route.useNavigate();
  const loads = useQuery(quarantineQuery(of));
  const open = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, tab: 'quarantine', load: id }), replace: load !== undefined, resetScroll: false });
  return (
    <QueryView query={loads} failure="The quarantine could not be read">
      {({ items }) => {
        const opened = items.find(({ id }) => id === load);
        return (
          <SplitPane
            detailsTitle={opened?.source.name ?? ''}
            details={opened && <RefusedLoad of={of} load={opened} />}
            onClose={() => open(undefined)}
          >
            {load !== undefined && opened === undefined && <p>This refused load is not here: {load}.</p>}
            <Table
              label="Refused loads"
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              onOpen={({ id }) => open(id)}
              openKey={load}
              initialSort={{ column: 'when', descending: true }}
              empty={
                <EmptyState title="No load was refused">
                  A file that cannot be read or breaks its contract waits here, with the failing rules and sample rows, and nothing of it is
                  published.
                </EmptyState>
              }
            />
          </SplitPane>
        );
      }}
    </QueryView>
  );
}

const columns: readonly Column<QuarantineWire>[] = [
  { id: 'file', header: 'File', value: ({ source }) => source.name, grow: true, width: 150 },
  {
    id: 'reason',
    header: 'Reason',
    value: ({ reason }) => reason,
    cell: ({ reason }) => <StateMark state="failed" word={reason} />,
    width: 180,
  },
  {
    id: 'broken',
    header: 'Broken rules',
    value: ({ contract }) => contract?.rules.filter(({ passed }) => !passed).length,
    numeric: true,
    width: 104,
  },
  { id: 'rows', header: 'Rows', value: ({ rows }) => rows, numeric: true, width: 92 },
  { id: 'size', header: 'Size', value: ({ bytes }) => bytes, cell: ({ bytes }) => <Bytes bytes={bytes} />, numeric: true, width: 84 },
  {
    id: 'when',
    header: 'Refused',
    value: ({ quarantinedAt }) => quarantinedAt,
    cell: ({ quarantinedAt }) => <RelativeTime time={quarantinedAt} />,
    numeric: true,
    width: 104,
  },
  { id: 'by', header: 'Sent by', value: ({ quarantinedBy }) => quarantinedBy.name, width: 104 },
];
