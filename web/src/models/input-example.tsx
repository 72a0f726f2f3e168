import type { ModelDirectoryWire, ModelVersionWire } from '#registry/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '../ui/error-state.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import styles from './model-directory.module.css';
import { exampleQuery, type VersionAddress } from './model-queries.ts';

interface InputExampleProps {
  readonly of: VersionAddress;
  readonly version: ModelVersionWire;
  readonly directory: ModelDirectoryWire;
}

/** Bytes; a larger example is downloaded, not shown. */
const largestShown = 200_000;
const mostRows = 20;

/** A row or more that the model takes, as it was saved with the model. */
export function InputExample({ of, version, directory }: InputExampleProps) {
  const name = (directory.folder === '' ? '' : `${directory.folder}/`) + (directory.inputExample?.file ?? '');
  const file = version.files.find((each) => each.name === name);
  const isShown = file !== undefined && file.size <= largestShown && name.endsWith('.json');
  const query = useQuery({ ...exampleQuery(of, name), enabled: isShown });
  if (!isShown) return <p className={styles['muted']}>{name} is too large to show, or no JSON; download it from the files.</p>;
  if (query.isError) return <ErrorState error={query.error} title="The input example could not be read" />;
  if (query.data === undefined) return <Skeleton lines={3} />;
  const table = tableOf(query.data);
  return table === undefined ? <JsonView label="Input example" value={query.data} /> : <ExampleTable table={table} />;
}

interface SplitTable {
  readonly columns: readonly unknown[];
  readonly data: readonly (readonly unknown[])[];
}

/** A data frame as pandas splits it; undefined when the example is of another kind. */
function tableOf(value: unknown): SplitTable | undefined {
  if (typeof value !== 'object' || value === null || !('data' in value) || !('columns' in value)) return undefined;
  const { columns, data } = value;
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every((row) => Array.isArray(row))) return undefined;
  return { columns, data };
}

function ExampleTable({ table: { columns, data } }: { readonly table: SplitTable }) {
  return (
    <div className={styles['scroller']} role="region" aria-label="Input example" tabIndex={0}>
      <table className={styles['example']}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col">
                {text(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.slice(0, mostRows).map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={typeof cell === 'number' ? styles['number'] : undefined}>
                  {text(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {data.length > mostRows && <p className={styles['muted']}>{data.length - mostRows} more rows are in the file.</p>}
    </div>
  );
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
