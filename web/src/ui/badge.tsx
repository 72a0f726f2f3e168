import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './marks.module.css';

interface BadgeProps {
  readonly tone?: 'neutral' | 'accent' | 'ok' | 'warning' | 'failed' | 'outline';
  readonly children: ReactNode;
}

/** A short fixed word about a thing: an alias, an environment, a kind. A state that changes is a `StateMark`. */
export function Badge({ tone = 'neutral', children }: BadgeProps) {
  return <span className={classNames(styles['badge'], styles[tone])}>{children}</span>;
}
