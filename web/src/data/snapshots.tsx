import type { SnapshotWire } from '#data/wire.ts';
import { useMemo } from 'react';
import { Section } from '../ui/page-header.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Bytes, Digest, RelativeTime } from '../ui/values.tsx';
import { ContractMark } from './contract-mark.tsx';
import { Producer } from './producer.tsx';

interface SnapshotsProps {
  readonly project: string;
  readonly snapshots: readonly SnapshotWire[];
  readonly chosen: number | undefined;
  readonly onChoose: (number: number) => void;
}

/** The states of a dataset, the newest first; the chosen one is shown below. */
export function Snapshots({ project, snapshots, chosen, onChoose }: SnapshotsProps) {
  const columns = useMemo(() => columnsOf(project), [project]);
  return (
    <Section title="Snapshots">
      <Table
        label="Snapshots"
        columns={columns}
        rows={snapshots}
        rowKey={({ number }) => String(number)}
        onOpen={({ number }) => onChoose(number)}
        openKey={chosen === undefined ? undefined : String(chosen)}
        initialSort={{ column: 'number', descending: true }}
        maxHeight={224}
      />
    </Section>
  );
}

function columnsOf(project: string): readonly Column<SnapshotWire>[] {
  return [
    { id: 'number', header: 'Snapshot', value: ({ number }) => number, numeric: true, width: 108 },
    {
      id: 'when',
      header: 'Published',
      value: ({ publishedAt }) => publishedAt,
      cell: ({ publishedAt }) => <RelativeTime time={publishedAt} />,
      numeric: true,
      width: 104,
    },
    { id: 'rows', header: 'Rows', value: ({ rows }) => rows, numeric: true, width: 104 },
    { id: 'added', header: 'Added', value: ({ addedRows }) => addedRows, numeric: true, width: 104 },
    { id: 'mode', header: 'Mode', value: ({ mode }) => mode, width: 84 },
    {
      id: 'contract',
      header: 'Contract',
      value: ({ contract }) => contract?.passed,
      cell: ({ contract }) => <ContractMark contract={contract} />,
      width: 108,
    },
    {
      id: 'producer',
      header: 'Made by',
      value: ({ producer }) => `${producer.kind} ${producer.id}`,
      cell: (snapshot) => <Producer project={project} snapshot={snapshot} />,
      grow: true,
      width: 180,
    },
    { id: 'by', header: 'Published by', value: ({ publishedBy }) => publishedBy.name, width: 112 },
    {
      id: 'bytes',
      header: 'Size',
      value: ({ files }) => files.reduce((sum, { bytes }) => sum + bytes, 0),
      cell: ({ files }) => <Bytes bytes={files.reduce((sum, { bytes }) => sum + bytes, 0)} />,
      numeric: true,
      width: 88,
    },
    {
      id: 'digest',
      header: 'Digest',
      value: ({ digest }) => digest,
      cell: ({ digest }) => <Digest digest={digest} />,
      width: 150,
      hidden: true,
    },
  ];
}
