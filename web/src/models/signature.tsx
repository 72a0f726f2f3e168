import type { ModelVersionWire } from '#registry/wire.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';

type Tensor = NonNullable<ModelVersionWire['signature']>['inputs'][number];
type Row = Tensor & { readonly side: 'input' | 'output' };

/** Datatype and shape in one line: FP32 [rows, 3]. */
export function tensorText({ datatype, shape }: Tensor): string {
  return `${datatype} [${shape.map((size) => (size === -1 ? 'any' : size)).join(', ')}]`;
}

/** What a version takes and gives. */
export function Signature({ version }: { readonly version: ModelVersionWire }) {
  const { signature } = version;
  if (signature === undefined)
    return (
      <EmptyState title="No signature">
        The file is no ONNX model, so its inputs and outputs are not known and Ripen cannot serve it.
      </EmptyState>
    );
  const rows: readonly Row[] = [
    ...signature.inputs.map((tensor) => ({ ...tensor, side: 'input' as const })),
    ...signature.outputs.map((tensor) => ({ ...tensor, side: 'output' as const })),
  ];
  return (
    <>
      <Table label="Signature" columns={columns} rows={rows} rowKey={({ side, name }) => `${side} ${name}`} tools={false} />
      {signature.unservable.map(({ name, kind }) => (
        <p key={name}>
          <StateMark state="warning" word={`${name} is a ${kind}, which cannot be served as a tensor`} />
        </p>
      ))}
    </>
  );
}

const columns: readonly Column<Row>[] = [
  { id: 'side', header: 'Side', value: ({ side }) => side, width: 88 },
  { id: 'name', header: 'Name', value: ({ name }) => name, grow: true, width: 160 },
  { id: 'datatype', header: 'Datatype', value: ({ datatype }) => datatype, cell: ({ datatype }) => <code>{datatype}</code>, width: 112 },
  {
    id: 'shape',
    header: 'Shape',
    value: ({ shape }) => shape.join(' '),
    cell: ({ shape }) => `[${shape.map((size) => (size === -1 ? 'any' : size)).join(', ')}]`,
    width: 140,
  },
];
