import type { ReactNode } from 'react';
import { formatNumber } from '../ui/format.ts';
import styles from './small-charts.module.css';

export interface BarListItem {
  readonly id: string;
  readonly label: ReactNode;
  /** Null: not measured. */
  readonly value: number | null;
  readonly tone?: 'plain' | 'warning' | 'failed';
  /** Word for the tone, read and shown beside the figure. */
  readonly word?: string;
}

interface BarListProps {
  readonly label: string;
  readonly items: readonly BarListItem[];
  /** End of the bars; default: the largest value. */
  readonly max?: number;
  /** Drawn through all bars. */
  readonly limit?: number;
  readonly format?: (value: number) => string;
}

/** Figures of the same kind, ranked: drift by feature, importance, slices. It is its own table. */
export function BarList({ label, items, max, limit, format = formatNumber }: BarListProps) {
  const end = max ?? Math.max(...items.map((item) => item.value ?? 0), limit ?? 0, Number.MIN_VALUE);
  if (items.length === 0) return <p className={styles['none']}>Nothing was measured yet.</p>;
  return (
    <table className={styles['barList']} aria-label={label}>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <th scope="row">{item.label}</th>
            <td className={styles['barCell']} aria-hidden>
              <svg width="100%" height="12" className={styles[item.tone ?? 'plain']}>
                <rect width={`${Math.max(0, Math.min(1, (item.value ?? 0) / end)) * 100}%`} height="12" rx="1.500" />
                {limit !== undefined && (
                  <line x1={`${(limit / end) * 100}%`} x2={`${(limit / end) * 100}%`} y1="0" y2="12" className={styles['limit']} />
                )}
              </svg>
            </td>
            <td className={styles['figure']}>
              {item.word !== undefined && <span className={styles[`${item.tone ?? 'plain'}Word`]}>{item.word} </span>}
              {item.value === null ? 'not measured' : format(item.value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
