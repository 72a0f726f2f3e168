import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './markdown.module.css';

const plugins = [remarkGfm];

/** Markdown that people or steps wrote. Raw HTML is shown as text and images are not fetched: both could carry foreign addresses. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={styles['markdown']}>
      <ReactMarkdown remarkPlugins={plugins} disallowedElements={['img']} components={{ a: Outside, table: ScrollingTable }}>
        {text}
      </ReactMarkdown>
    </div>
  );
}

function Outside({ href, children }: { readonly href?: string | undefined; readonly children?: React.ReactNode }) {
  return (
    <a href={href} rel="noreferrer">
      {children}
    </a>
  );
}

function ScrollingTable({ children }: { readonly children?: React.ReactNode }) {
  return (
    <div className={styles['scroller']} tabIndex={0} role="group" aria-label="Table">
      <table>{children}</table>
    </div>
  );
}
