import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './json-view.module.css';

interface JsonViewProps {
  readonly label: string;
  readonly value: unknown;
  /** Levels that are open at first. */
  readonly open?: number;
}

const firstItems = 100;

/** A JSON value as a tree. Long lists show their first 100 items until asked for more. */
export function JsonView({ label, value, open = 2 }: JsonViewProps) {
  return (
    <div className={styles['json']} role="group" aria-label={label}>
      <CopyButton text={() => JSON.stringify(value, null, 2)} label="Copy JSON" className={styles['copy']} />
      <Node value={value} open={open} />
    </div>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly open: number;
}

function Node({ name, value, open }: NodeProps) {
  if (typeof value === 'object' && value !== null) return <Branch name={name} value={value} open={open} />;
  return (
    <div className={styles['leaf']}>
      {name !== undefined && <span className={styles['name']}>{name}: </span>}
      <span className={styles[typeof value]}>{JSON.stringify(value)}</span>
    </div>
  );
}

function Branch({ name, value, open }: { readonly name: string | undefined; readonly value: object; readonly open: number }) {
  const [isOpen, setOpen] = useState(open > 0);
  const [limit, setLimit] = useState(firstItems);
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  return (
    <div>
      <button type="button" className={styles['toggle']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <ChevronRight size={12} aria-hidden className={isOpen ? styles['turned'] : undefined} />
        {name !== undefined && <span className={styles['name']}>{name} </span>}
        <span className={styles['size']}>{size}</span>
      </button>
      {isOpen && (
        <div className={styles['children']}>
          {entries.slice(0, limit).map(([key, child]) => (
            <Node key={key} name={key} value={child} open={open - 1} />
          ))}
          {entries.length > limit && (
            <button type="button" className={styles['more']} onClick={() => setLimit(limit * 10)}>
              {entries.length - limit} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}
