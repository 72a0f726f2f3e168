import type { ReactNode } from 'react';
import styles from './link.module.css';

/** Read out, not drawn. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }) {
  return <span className={styles['outside']}>{children}</span>;
}
