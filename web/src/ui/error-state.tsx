import { ApiError } from '../api/client.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { problemList } from './problem-list.ts';
import { StateMark } from './state-mark.tsx';
import styles from './states.module.css';

interface ErrorStateProps {
  readonly error: unknown;
  /** What was tried: "The runs could not be read". */
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** What happened, why, the way out, and its permanent code for a search or a report. */
export function ErrorState({ error, title, onRetry }: ErrorStateProps) {
  const shown = describe(error);
  return (
    <div className={styles['error']} role="alert">
      <StateMark state="failed" word={title ?? shown.title} />
      {(shown.detail !== undefined || title !== undefined) && (
        <p className={styles['text']}>{shown.list?.lead ?? shown.detail ?? shown.title}</p>
      )}
      {shown.list !== undefined && (
        <ul className={styles['problems']}>
          {shown.list.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {shown.hint !== undefined && <p className={styles['hint']}>{shown.hint}</p>}
      <div className={styles['next']}>
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
        <span className={styles['code']}>
          <code>{shown.code}</code>
          <CopyButton text={shown.report} label="Copy error" />
        </span>
      </div>
    </div>
  );
}

function describe(error: unknown) {
  if (error instanceof ApiError) {
    const { code, title, detail, hint, request, details } = error;
    const lines = [code, title, detail, hint, request === undefined ? undefined : `request ${request}`];
    const list = problemList(detail, details);
    return { code, title, detail, list, hint, report: lines.filter((line) => line !== undefined).join('\n') };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const hint = 'Reload the page. If it stays, report it with the copied text.';
  return { code: 'web.page-failed', title: 'This page failed', detail: message, list: undefined, hint, report: stack };
}
