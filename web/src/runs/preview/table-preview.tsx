import type { TablePreviewWire } from '#tracking/table/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { classNames } from '../../ui/class-names.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type FileHolder, tableQuery } from '../file-holder.ts';
import styles from './preview.module.css';
import type { SplitRows } from './split-table.ts';

interface TablePreviewProps {
  readonly holder: FileHolder;
  readonly name: string;
}

const pageRows = 100;
const numeric = /INT|DOUBLE|FLOAT|DECIMAL|REAL/;

/** Rows of a table file, page by page, read by the server whatever the size of the file. */
export function TablePreview({ holder, name }: TablePreviewProps) {
  const [offset, setOffset] = useState(0);
  const page = useQuery(tableQuery(holder, { artifact: name, offset, limit: pageRows }));
  if (page.isError) return <ErrorState error={page.error} title="The rows could not be read" onRetry={() => void page.refetch()} />;
  if (page.data === undefined) return <Skeleton lines={8} />;
  const { columns, rows, total } = page.data;
  if (columns.length === 0) return <p className={styles['note']}>The file is empty.</p>;
  const isLast = rows.length < pageRows || offset + rows.length === total;
  return (
    <>
      <div className={styles['body']} tabIndex={0} role="region" aria-label={`Rows of ${name}`}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col" className={styles['number']}>
                #
              </th>
              {columns.map((column, index) => (
                <th key={index} scope="col" className={numeric.test(column.type) ? styles['number'] : undefined}>
                  {column.name} <span className={styles['type']}>{column.type.toLowerCase()}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                <td className={classNames(styles['number'], styles['type'])}>{formatCount(offset + index + 1)}</td>
                {row.map((cell, place) => (
                  <td key={place} className={numeric.test(columns[place]?.type ?? '') ? styles['number'] : undefined}>
                    {shown(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles['pages']}>
        <span>
          {formatCount(columns.length)} columns, rows {formatCount(Math.min(offset + 1, offset + rows.length))} to{' '}
          {formatCount(offset + rows.length)}
          {total !== undefined && ` of ${formatCount(total)}`}
        </span>
        <Button disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageRows))}>
          Back
        </Button>
        <Button disabled={isLast} onClick={() => setOffset(offset + pageRows)}>
          Next
        </Button>
      </div>
    </>
  );
}

function shown(cell: TablePreviewWire['rows'][number][number]): string {
  if (cell === null) return '–';
  return typeof cell === 'number' ? formatNumber(cell, 6) : String(cell);
}

const mostRows = 500;

function jsonCell(cell: unknown): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'number') return formatNumber(cell, 6);
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

/** A table that stands whole in a JSON file. */
export function SplitTable({ table }: { readonly table: SplitRows }) {
  const isNumeric = table.columns.map((_, place) => table.rows.every((row) => row[place] === null || typeof row[place] === 'number'));
  return (
    <>
      <table className={styles['table']}>
        <thead>
          <tr>
            {table.columns.map((name, place) => (
              <th key={place} scope="col" className={isNumeric[place] === true ? styles['number'] : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, mostRows).map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) => (
                <td key={place} className={isNumeric[place] === true ? styles['number'] : undefined}>
                  {jsonCell(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > mostRows && (
        <p className={styles['note']}>
          The first {mostRows} of {formatCount(table.rows.length)} rows.
        </p>
      )}
    </>
  );
}
