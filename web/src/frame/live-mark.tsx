import type { LiveState } from '../api/live.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { Tip } from '../ui/tooltip.tsx';
import styles from './frame.module.css';

const marks: Readonly<Record<LiveState, { readonly state: State; readonly word: string; readonly tip: string }>> = {
  live: { state: 'ok', word: 'Live', tip: 'Changes show at once' },
  connecting: { state: 'running', word: 'Connecting', tip: 'Opening the stream of events' },
  lost: {
    state: 'warning',
    word: 'Reconnecting',
    tip: 'The server does not answer. What is shown may be old; it is read again as soon as the server is back.',
  },
};

/** Whether what is on screen follows the server. */
export function LiveMark({ live }: { readonly live: LiveState | undefined }) {
  if (live === undefined) return null;
  const { state, word, tip } = marks[live];
  return (
    <Tip text={tip}>
      <span className={styles['live']} tabIndex={0} role="status">
        <StateMark state={state} word={word} />
      </span>
    </Tip>
  );
}
