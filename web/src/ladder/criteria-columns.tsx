import type { AssessmentSummaryWire, CriterionResultWire } from '#maturity/wire.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Badge } from '../ui/badge.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Missing, RelativeTime } from '../ui/values.tsx';
import { Tip } from '../ui/tooltip.tsx';
import { evidenceText, stateWords, thresholdText } from './criterion-words.ts';
import styles from './ladder.module.css';

type Row = CriterionResultWire;

const idColumn: Column<Row> = {
  id: 'id',
  header: 'Id',
  value: (row) => row.criterion.id,
  cell: (row) => <code>{row.criterion.id}</code>,
  width: 84,
};
const mustColumn: Column<Row> = {
  id: 'must',
  header: 'Must',
  value: (row) => row.criterion.must,
  cell: (row) => (row.criterion.must ? <Badge>must</Badge> : ''),
  width: 62,
};
const titleColumn: Column<Row> = {
  id: 'criterion',
  header: 'Criterion',
  value: (row) => row.criterion.title,
  cell: (row) => (
    <Tip text={row.criterion.title}>
      <span>{row.criterion.title}</span>
    </Tip>
  ),
  grow: true,
  width: 230,
};

const order: readonly Row['state'][] = ['fail', 'no_data', 'partial', 'pass', 'not_applicable', 'not_measurable'];

/**
 * @param oldestFirst recorded assessments, for the trends
 * @param narrow while details take a part of the width: only what is needed to find a criterion
 */
export function criteriaColumns(oldestFirst: readonly AssessmentSummaryWire[], narrow: boolean): readonly Column<Row>[] {
  const all = allColumns(oldestFirst);
  return narrow ? all.filter(({ id }) => !leftOut.has(id)) : all;
}

const leftOut = new Set(['must', 'threshold', 'trend', 'since', 'weight']);

function allColumns(oldestFirst: readonly AssessmentSummaryWire[]): readonly Column<Row>[] {
  return [
    idColumn,
    mustColumn,
    titleColumn,
    { id: 'weight', header: 'Weight', value: (row) => row.criterion.weight, numeric: true, width: 76, hidden: true },
    {
      id: 'evidence',
      header: 'Evidence',
      value: (row) => row.score,
      cell: (row) => <span className={row.state === 'no_data' ? styles['muted'] : undefined}>{evidenceText(row)}</span>,
      numeric: true,
      width: 104,
    },
    { id: 'threshold', header: 'Threshold', value: (row) => thresholdText(row.criterion.threshold.text), numeric: true, width: 104 },
    {
      id: 'trend',
      header: 'Trend',
      value: () => undefined,
      cell: (row) => <Trend row={row} oldestFirst={oldestFirst} />,
      sortable: false,
      width: 94,
    },
    {
      id: 'since',
      header: 'Since',
      value: (row) => row.since,
      cell: (row) => <RelativeTime time={row.since} />,
      numeric: true,
      width: 104,
    },
    {
      id: 'status',
      header: 'Status',
      value: (row) => order.indexOf(row.state),
      cell: (row) => <StateMark state={stateWords[row.state].mark} word={stateWords[row.state].word} />,
      width: 146,
    },
  ];
}

export const laterColumns: readonly Column<Row>[] = [
  idColumn,
  mustColumn,
  titleColumn,
  {
    id: 'provedBy',
    header: 'What will prove it',
    value: (row) => row.criterion.provedBy ?? undefined,
    cell: (row) => <span className={styles['muted']}>{row.criterion.provedBy}</span>,
    grow: true,
    width: 260,
  },
];

function Trend({ row, oldestFirst }: { readonly row: Row; readonly oldestFirst: readonly AssessmentSummaryWire[] }) {
  const values = oldestFirst.map(({ scores }) => scores[row.criterion.id] ?? null);
  if (values.filter((value) => value !== null).length < 2) return <Missing why="A trend needs two recorded assessments" />;
  return <Sparkline label={`Score of ${row.criterion.id}`} values={values} />;
}
