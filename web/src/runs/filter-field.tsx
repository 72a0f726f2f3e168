import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '../api/client.ts';
import { IconButton } from '../ui/button.tsx';
import { PopoverSurface } from '../ui/popover.tsx';
import styles from './runs.module.css';

interface FilterFieldProps {
  readonly value: string;
  readonly onApply: (filter: string) => void;
  /** What the server said to the filter as it was applied. */
  readonly error: Error | null;
}

const examples = [
  'metrics.auc > 0.68',
  "params.learning_rate = '0.006' and metrics.loss < 0.4",
  "tags.purpose = 'sweep' and state = 'finished'",
  "name like '%night%' or experiment = 'train'",
  "datasets.name = 'flights' and datasets.snapshot >= 4",
  'not metrics.auc is null',
];

/** A line of the filter language. Enter applies it; what was typed stays when the server refuses it. */
export function FilterField({ value, onApply, error }: FilterFieldProps) {
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);
  if (applied !== value) {
    // The address changed by other means: back, a link, a column.
    setApplied(value);
    setTyped(value);
  }
  const refused = error instanceof ApiError && error.status === 400 ? error : undefined;
  return (
    <form
      className={styles['filter']}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(typed.trim());
      }}
    >
      <input
        className={styles['filterInput']}
        aria-label="Filter runs"
        placeholder="Filter: metrics.auc > 0.68 and state = 'finished'"
        value={typed}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => setTyped(event.currentTarget.value)}
        aria-invalid={refused === undefined ? undefined : true}
        aria-describedby={refused === undefined ? undefined : 'filter-problem'}
      />
      <PopoverSurface label="Filter language" trigger={<IconButton label="Filter language" icon={<CircleHelp size={15} aria-hidden />} />}>
        <div className={styles['help']}>
          <p>Compare metrics, params, tags, datasets and attributes of runs; join with and, or, not and brackets.</p>
          <ul>
            {examples.map((example) => (
              <li key={example}>
                <button type="button" className={styles['example']} onClick={() => onApply(example)}>
                  <code>{example}</code>
                </button>
              </li>
            ))}
          </ul>
        </div>
      </PopoverSurface>
      {refused !== undefined && (
        <p id="filter-problem" className={styles['problem']} role="alert">
          {refused.detail ?? refused.title}
          {refused.hint === undefined ? '' : ` ${refused.hint}`}
        </p>
      )}
    </form>
  );
}
