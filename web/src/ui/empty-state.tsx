import type { ReactNode } from 'react';
import { CommandLine } from './command-line.tsx';
import styles from './states.module.css';

interface EmptyStateProps {
  /** What will stand here: "No pipeline has run yet". */
  readonly title: string;
  /** Why it is empty and what fills it. */
  readonly children: ReactNode;
  /** The next step as a command. */
  readonly command?: string;
  readonly action?: ReactNode;
}

export function EmptyState({ title, children, command, action }: EmptyStateProps) {
  return (
    <div className={styles['empty']}>
      <h2 className={styles['title']}>{title}</h2>
      <p className={styles['text']}>{children}</p>
      {(command !== undefined || action !== undefined) && (
        <div className={styles['next']}>
          {action}
          {command !== undefined && <CommandLine command={command} />}
        </div>
      )}
    </div>
  );
}
