import type { ColumnWire } from '#monitoring/wire.ts';
import { useMemo } from 'react';
import { Histogram } from '../charts/histogram.tsx';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';
import { Panel } from '../ui/page-header.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { distributionOf, outsideRows } from './distribution.ts';
import { methodName } from './metric-charts.tsx';
import styles from './monitoring.module.css';

/** One input or the score in one window: its distribution beside the reference, and how far they are apart. */
export function ColumnPanel({ column }: { readonly column: ColumnWire }) {
  const current = useMemo(() => distributionOf(column.current), [column]);
  const reference = useMemo(() => (column.reference === undefined ? undefined : distributionOf(column.reference)), [column]);
  const outside = outsideRows(column.current);
  const notes = [
    ...(outside > 0 ? [`${formatCount(outside)} rows lie outside of the range of the reference`] : []),
    ...((column.missingShare ?? 0) > 0 ? [`${formatShare(column.missingShare ?? 0)} are missing`] : []),
    ...(column.unseen.length > 0
      ? [`never seen before: ${column.unseen.slice(0, 6).join(', ')}${column.unseen.length > 6 ? ', …' : ''}`]
      : []),
  ];
  return (
    <Panel>
      <Histogram title={column.name} current={current} reference={reference} />
      <ul className={styles['readings']}>
        {column.drift
          .toSorted((a, b) => Number(b.chosen) - Number(a.chosen))
          .map((reading) => (
            <li key={reading.method} className={reading.chosen ? undefined : styles['note']}>
              {reading.chosen && (
                <StateMark
                  state={reading.value === undefined ? 'unknown' : reading.drifted ? 'warning' : 'ok'}
                  word={reading.value === undefined ? 'not measured' : reading.drifted ? 'drifted' : 'no drift'}
                />
              )}{' '}
              {methodName(reading.method)} {reading.value === undefined ? (reading.reason ?? 'no value') : formatNumber(reading.value, 3)}
              {reading.pValue !== undefined && `, p ${formatNumber(reading.pValue, 2)}`}
              {reading.threshold !== undefined && `, threshold ${formatNumber(reading.threshold, 3)}`}
            </li>
          ))}
      </ul>
      {notes.length > 0 && <p className={styles['note']}>{notes.join('; ')}</p>}
    </Panel>
  );
}
