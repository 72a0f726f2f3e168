import { CopyButton } from './copy-button.tsx';
import styles from './command-line.module.css';

/** The command that does the same as the button beside it. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <span className={styles['line']}>
      <code className={styles['command']} tabIndex={0}>
        <span aria-hidden className={styles['prompt']}>
          ${' '}
        </span>
        {command}
      </code>
      <CopyButton text={command} label="Copy command" className={styles['copy']} />
    </span>
  );
}
