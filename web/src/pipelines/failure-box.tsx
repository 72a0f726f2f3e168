import type { FailureWire } from '#pipelines/wire.ts';
import { classNames } from '../ui/class-names.ts';
import { JsonView } from '../ui/json-view.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import styles from './pipelines.module.css';

interface FailureBoxProps {
  readonly failure: FailureWire;
  readonly warning?: boolean;
}

/** What went wrong, what to do, and the permanent code. */
export function FailureBox({ failure, warning = false }: FailureBoxProps) {
  return (
    <div className={classNames(styles['failure'], warning && styles['warning'])}>
      <StateMark state={warning ? 'warning' : 'failed'} word={warning ? 'Warning' : 'Failed'} />
      <p>{failure.message}</p>
      {failure.hint !== undefined && <p className={styles['second']}>{failure.hint}</p>}
      {failure.details !== undefined && failure.details !== null && (
        <div className={styles['failureDetails']}>
          <JsonView label="Details" value={failure.details} open={1} />
        </div>
      )}
      <code className={styles['note']}>{failure.code}</code>
    </div>
  );
}
