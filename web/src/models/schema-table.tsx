import type { ModelSchemaWire } from '#registry/wire.ts';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Missing } from '../ui/values.tsx';
import styles from './model-directory.module.css';

interface Row {
  readonly key: string;
  readonly side: 'input' | 'output' | 'parameter';
  readonly name: string | undefined;
  readonly type: string;
  readonly needed: string;
}

/** MLflow's model signature: columns or tensors that go in and come out, and parameters. */
export function SchemaTable({ schema }: { readonly schema: ModelSchemaWire | undefined }) {
  const rows = schema === undefined ? [] : rowsOf(schema);
  if (rows.length === 0)
    return (
      <p className={styles['muted']}>
        The model was saved without a signature. Save it with <code>signature=infer_signature(inputs, outputs)</code>, so that callers know
        what it takes.
      </p>
    );
  return <Table label="Schema" columns={columns} rows={rows} rowKey={({ key }) => key} tools={false} maxHeight={420} />;
}

function rowsOf({ inputs, outputs, params }: ModelSchemaWire): Row[] {
  return [
    ...sideRows('input', inputs),
    ...sideRows('output', outputs),
    ...params.map(({ name, type, default: value, shape }) => ({
      key: `parameter ${name}`,
      side: 'parameter' as const,
      name,
      type: shape === undefined ? type : `${type}[]`,
      needed: `no, else ${value}`,
    })),
  ];
}

function sideRows(side: 'input' | 'output', of: ModelSchemaWire['inputs']): Row[] {
  if (of === undefined) return [];
  if (of.kind === 'tensors')
    return of.tensors.map(({ name, dtype, shape }, index) => ({
      key: `${side} ${index}`,
      side,
      name,
      type: `${dtype} [${shape.map((size) => (size === -1 ? 'any' : size)).join(', ')}]`,
      needed: 'yes',
    }));
  return of.columns.map(({ name, type, required }, index) => ({
    key: `${side} ${index}`,
    side,
    name,
    type,
    needed: required ? 'yes' : 'no',
  }));
}

const columns: readonly Column<Row>[] = [
  { id: 'side', header: 'Side', value: ({ side }) => side, width: 96 },
  { id: 'name', header: 'Name', value: ({ name }) => name, cell: ({ name }) => name ?? <Missing why="unnamed" />, grow: true, width: 150 },
  { id: 'type', header: 'Type', value: ({ type }) => type, cell: ({ type }) => <code>{type}</code>, grow: true, width: 180 },
  { id: 'needed', header: 'Needed', value: ({ needed }) => needed, width: 130 },
];
