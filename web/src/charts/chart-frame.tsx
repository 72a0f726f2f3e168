import { ChartLine, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { formatNumber } from '../ui/format.ts';
import type { ChartCell, ChartTable, Prepared } from './chart-model.ts';
import styles from './chart-frame.module.css';

interface ChartFrameProps<Drawing> {
  /** Heading and accessible name. */
  readonly title: string;
  readonly unit?: string | undefined;
  readonly prepared: Prepared<Drawing>;
  readonly legend?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: (drawing: Drawing) => ReactNode;
}

/** Around every chart: its name, its legend, its notes, and the same figures as a table. */
export function ChartFrame<Drawing>({ title, unit, prepared, legend, actions, children }: ChartFrameProps<Drawing>) {
  const [asTable, setAsTable] = useState(false);
  const drawn = prepared.kind === 'drawing';
  return (
    <figure className={styles['frame']} aria-label={title}>
      <figcaption className={styles['caption']}>
        <span className={styles['title']}>
          {title}
          {unit !== undefined && <span className={styles['unit']}> {unit}</span>}
        </span>
        {drawn && !asTable && legend}
        <span className={styles['actions']}>
          {drawn && !asTable && actions}
          {drawn && (
            <IconButton
              label={asTable ? 'Show chart' : 'Show table'}
              icon={asTable ? <ChartLine size={14} aria-hidden /> : <Table2 size={14} aria-hidden />}
              onClick={() => setAsTable(!asTable)}
            />
          )}
        </span>
      </figcaption>
      {prepared.kind === 'nothing' ? (
        <div className={styles['nothing']}>
          <strong>{prepared.title}</strong>
          <p>{prepared.hint}</p>
        </div>
      ) : asTable ? (
        <FigureTable title={title} table={prepared.table} />
      ) : (
        children(prepared.drawing)
      )}
      {prepared.kind === 'drawing' && prepared.notes.length > 0 && <p className={styles['notes']}>{prepared.notes.join('. ')}.</p>}
    </figure>
  );
}

function FigureTable({ title, table }: { readonly title: string; readonly table: ChartTable }) {
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={`${title}, figures`}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.name} scope="col" className={column.numeric ? styles['numeric'] : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) => (
                <td key={place} className={table.columns[place]?.numeric === true ? styles['numeric'] : undefined}>
                  {shown(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shown(cell: ChartCell): string {
  if (cell === null) return '–';
  return typeof cell === 'number' ? formatNumber(cell, 6) : cell;
}

interface LegendItem {
  readonly name: string;
  /** Name of a token, without the dashes. */
  readonly colour: string;
  readonly dash?: string | undefined;
}

export function Legend({ items }: { readonly items: readonly LegendItem[] }) {
  return (
    <ul className={styles['legend']}>
      {items.map((item) => (
        <li key={item.name}>
          <svg width="16" height="8" aria-hidden>
            <path d="M0 4h16" stroke={`var(--${item.colour})`} strokeWidth="2.500" strokeDasharray={item.dash} />
          </svg>
          {item.name}
        </li>
      ))}
    </ul>
  );
}
