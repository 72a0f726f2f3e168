import type { SnapshotWire } from '#data/wire.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount, formatShare } from '../ui/format.ts';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Digest } from '../ui/values.tsx';

type Contract = NonNullable<SnapshotWire['contract']>;
type Rule = Contract['rules'][number];

/** Every rule of the contract that a load was checked with, and whether it held. */
export function Rules({ contract, dataset }: { readonly contract: Contract | undefined; readonly dataset: string }) {
  if (contract === undefined)
    return (
      <EmptyState title="This load was not tested" command={`ripen data load ${dataset} FILE --contract contract.yaml`}>
        A contract says what a dataset promises: columns, types, ranges, references, row counts. Name one when you load, and a file that
        breaks it is quarantined instead of published.
      </EmptyState>
    );
  const broken = contract.rules.filter(({ passed }) => !passed).length;
  return (
    <Table
      label="Rules of the contract"
      columns={columns}
      rows={contract.rules}
      rowKey={(rule) => `${rule.rule} ${rule.column ?? ''} ${rule.explanation}`}
      initialSort={{ column: 'state', descending: false }}
      tools={
        <>
          <StateMark state={broken === 0 ? 'ok' : 'failed'} word={broken === 0 ? 'all rules hold' : `${formatCount(broken)} broken`} />
          <Digest digest={contract.digest} />
        </>
      }
    />
  );
}

const columns: readonly Column<Rule>[] = [
  {
    id: 'state',
    header: 'Result',
    value: ({ passed }) => passed,
    cell: ({ passed }) => <StateMark state={passed ? 'ok' : 'failed'} word={passed ? 'holds' : 'broken'} />,
    width: 96,
  },
  { id: 'rule', header: 'Rule', value: ({ rule }) => rule, width: 128 },
  { id: 'column', header: 'Column', value: ({ column }) => column, width: 128 },
  { id: 'explanation', header: 'What was found', value: ({ explanation }) => explanation, grow: true, width: 260 },
  { id: 'failed', header: 'Failed rows', value: ({ failedRows }) => failedRows, numeric: true, width: 104 },
  {
    id: 'share',
    header: 'Share',
    value: ({ share }) => share,
    cell: ({ share }) => (share === undefined ? '' : formatShare(share, share > 0 && share < 0.001 ? 3 : 1)),
    numeric: true,
    width: 88,
  },
];
