import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
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
    if (!open) return undefined;
    const opener = document.activeElement;
    if (window.matchMedia('(max-width: 820px)').matches) pane.current?.focus();
    return () => {
      // The focus was inside and went with the pane: back to the row that opened it.
      if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
    };
  }, [open]);

  function close(event: KeyboardEvent): void {
    const inField = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox';
    if (event.key === 'Escape' && open && !inField && !event.defaultPrevented) onClose();
  }

  return (
    <div className={open ? styles['split'] : styles['whole']} onKeyDown={close}>
      <div className={styles['list']}>{children}</div>
      {open && (
        <aside ref={pane} tabIndex={-1} className={styles['details']} aria-label={detailsTitle}>
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
