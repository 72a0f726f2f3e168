import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SchemaDiffWire, SnapshotWire } from '#data/wire.ts';
import { Select } from '../ui/select.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Digest } from '../ui/values.tsx';
import { schemaDiffQuery, type SnapshotAddress } from './data-queries.ts';

type SchemaColumn = SnapshotWire['schema'][number];
type Change = SchemaDiffWire['changes'][number];
type Row = SchemaColumn & { readonly place: number; readonly change: Change | undefined };

const route = getRouteApi('/$project/data/$dataset');

interface SchemaProps {
  readonly at: SnapshotAddress;
  readonly snapshot: SnapshotWire;
  readonly snapshots: readonly SnapshotWire[];
}

/** Columns and types, and what changed since an earlier snapshot. */
export function Schema({ at, snapshot, snapshots }: SchemaProps) {
  const { reference } = route.useSearch();
  const navigate = route.useNavigate();
  const others = snapshots.filter(({ number }) => number !== at.snapshot);
  const from = others.find(({ number }) => number === reference)?.number ?? snapshot.parent;
  const diff = useQuery({ ...schemaDiffQuery(at, from ?? 0), enabled: from !== undefined });
  const changes = from === snapshot.parent ? snapshot.schemaChanges : (diff.data?.changes ?? []);
  const removed = changes.filter(({ kind }) => kind === 'removed');
  const byColumn = new Map(changes.map((change) => [change.column, change]));
  const rows: readonly Row[] = [
    ...snapshot.schema.map((column, index) => ({ ...column, place: index + 1, change: byColumn.get(column.name) })),
    ...removed.map((change) => ({ name: change.column, type: change.type ?? change.from ?? '', place: Number.NaN, change })),
  ];
  return (
    <Table
      label="Columns"
      columns={columns}
      rows={rows}
      rowKey={({ name, change }) => `${name} ${change?.kind === 'removed'}`}
      tools={
        <>
          {others.length > 0 && (
            <Select
              label="Compare with"
              labelHidden
              choices={others.map(({ number }) => ({ value: String(number), label: `Changes since snapshot ${number}` }))}
              value={String(from ?? others[0]?.number)}
              onChange={(next) =>
                void navigate({ search: (old) => ({ ...old, reference: Number(next) }), replace: true, resetScroll: false })
              }
            />
          )}
          <span>{changesText(changes, from)}</span>
          <Digest digest={snapshot.schemaDigest} />
        </>
      }
    />
  );
}

function changesText(changes: readonly Change[], from: number | undefined): string {
  if (from === undefined) return 'the first schema';
  if (changes.length === 0) return 'nothing changed';
  const breaking = changes.some((change) => change.breaking);
  return `${changes.length} change${changes.length === 1 ? '' : 's'}${breaking ? ', breaking for readers' : ''}`;
}

const columns: readonly Column<Row>[] = [
  { id: 'place', header: 'Place', value: ({ place }) => (Number.isNaN(place) ? undefined : place), numeric: true, width: 72 },
  { id: 'name', header: 'Column', value: ({ name }) => name, grow: true, width: 160 },
  { id: 'type', header: 'Type', value: ({ type }) => type, cell: ({ type }) => <code>{type}</code>, width: 160 },
  {
    id: 'change',
    header: 'Change',
    value: ({ change }) => change?.kind,
    cell: ({ change }) => (change === undefined ? '' : <StateMark state={change.breaking ? 'warning' : 'ok'} word={wordOf(change)} />),
    grow: true,
    width: 200,
  },
];

function wordOf({ kind, from, to, breaking }: Change): string {
  const word = kind === 'type-changed' ? `was ${from ?? '?'}, now ${to ?? '?'}` : kind;
  return breaking ? `${word}, breaking` : word;
}
