import { X } from 'lucide-react';
import styles from '../runs.module.css';
import type { ColumnCatalogue } from './grid-columns.tsx';
import type { SortTerm } from './table-state.ts';

interface SortChipsProps {
  readonly catalogue: ColumnCatalogue;
  readonly order: readonly SortTerm[];
  readonly onChange: (order: readonly SortTerm[]) => void;
}

/** The terms of the order, also those of columns that are not shown. */
export function SortChips({ catalogue, order, onChange }: SortChipsProps) {
  if (order.length === 0) return null;
  return (
    <span className={styles['chips']} role="group" aria-label="Order">
      {order.map(({ column, descending }, index) => {
        const name = catalogue.get(column)?.header ?? column;
        return (
          <span key={column} className={styles['chip']}>
            <button
              type="button"
              title="Turn the direction"
              onClick={() => onChange(order.with(index, { column, descending: !descending }))}
              aria-label={`${name}, ${descending ? 'greatest' : 'least'} first`}
            >
              {name} {descending ? '↓' : '↑'}
            </button>
            <button type="button" aria-label={`No longer order by ${name}`} onClick={() => onChange(order.toSpliced(index, 1))}>
              <X size={12} aria-hidden />
            </button>
          </span>
        );
      })}
    </span>
  );
}
