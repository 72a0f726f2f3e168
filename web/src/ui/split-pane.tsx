import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './button.tsx';
import styles from './split-pane.module.css';

interface SplitPaneProps {
  readonly children: ReactNode;
  /** Undefined: nothing is opened, the list has the whole width. */
  readonly details: ReactNode | undefined;
  readonly detailsTitle: string;
  readonly onClose: () => void;
}

/** Details open beside the list, which keeps its place; on a narrow screen they cover it. Escape closes them. */
export function SplitPane({ children, details, detailsTitle, onClose }: SplitPaneProps) {
  const pane = useRef<HTMLElement>(null);
  const open = details !== undefined;
  useEffect(() => {
    if (open && window.matchMedia('(max-width: 820px)').matches) pane.current?.focus();
  }, [open]);
  return (
    <div className={open ? styles['split'] : styles['whole']}>
      <div className={styles['list']}>{children}</div>
      {open && (
        <aside
          ref={pane}
          tabIndex={-1}
          className={styles['details']}
          aria-label={detailsTitle}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.defaultPrevented) onClose();
          }}
        >
          <header className={styles['header']}>
            <h2 className={styles['title']}>{detailsTitle}</h2>
            <IconButton label="Close details" icon={<X size={16} aria-hidden />} onClick={onClose} />
          </header>
          <div className={styles['body']}>{details}</div>
        </aside>
      )}
    </div>
  );
}
