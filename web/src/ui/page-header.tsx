import { type ReactNode, useEffect } from 'react';
import styles from './page.module.css';

interface PageHeaderProps {
  /** Also becomes the title of the window. */
  readonly title: string;
  /** Links to what contains this page, outermost first. */
  readonly path?: ReactNode;
  /** State, badges: what must be seen at once beside the title. */
  readonly marks?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHeader({ title, path, marks, description, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Ripen`;
  }, [title]);
  return (
    <header className={styles['header']}>
      <div className={styles['heading']}>
        {path !== undefined && <div className={styles['path']}>{path}</div>}
        <div className={styles['titleLine']}>
          <h1 className={styles['title']}>{title}</h1>
          {marks}
        </div>
        {description !== undefined && <p className={styles['description']}>{description}</p>}
      </div>
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </header>
  );
}

/** Controls of the list below: filters at the start, actions at the end. */
export function Toolbar({ label, children, end }: { readonly label: string; readonly children?: ReactNode; readonly end?: ReactNode }) {
  return (
    <div className={styles['toolbar']} role="group" aria-label={label}>
      <div className={styles['group']}>{children}</div>
      {end !== undefined && <div className={styles['group']}>{end}</div>}
    </div>
  );
}

/** Part of a page under its own heading. */
export function Section({
  title,
  note,
  actions,
  children,
}: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['section']} aria-label={title}>
      <div className={styles['sectionHead']}>
        <h2>{title}</h2>
        {note !== undefined && <span className={styles['note']}>{note}</span>}
        {actions !== undefined && <div className={styles['sectionActions']}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** A framed surface; `flush` when a table or chart fills it to its edges. */
export function Panel({ flush = false, children }: { readonly flush?: boolean; readonly children: ReactNode }) {
  return <div className={flush ? styles['panelFlush'] : styles['panel']}>{children}</div>;
}
