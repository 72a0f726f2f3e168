import type { ReactNode } from 'react';
import styles from './marks.module.css';
import { classNames } from './class-names.ts';

/**
 * How a thing stands. `ok`, `warning`, `failed`, `unknown` judge; `running`, `waiting`, `off` only say where it is in its life.
 * `unknown` also means: not measured, no data.
 */
export type State = 'ok' | 'warning' | 'failed' | 'unknown' | 'running' | 'waiting' | 'off';

const shapes: Readonly<Record<State, ReactNode>> = {
  ok: (
    <>
      <circle cx="7" cy="7" r="6.500" fill="currentColor" />
      <path d="m4.200 7.200 2 2 3.600-4.200" className={styles['cut']} />
    </>
  ),
  warning: (
    <>
      <path d="M7 1 13.400 12.500H.600z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M7 5v3.600M7 10.500v.1" className={styles['cut']} />
    </>
  ),
  failed: (
    <>
      <rect x="0.800" y="0.800" width="12.400" height="12.400" rx="2.500" fill="currentColor" />
      <path d="m4.500 4.500 5 5m0-5-5 5" className={styles['cut']} />
    </>
  ),
  unknown: <circle cx="7" cy="7" r="5.700" fill="none" stroke="currentColor" strokeWidth="1.500" strokeDasharray="2.200 2.270" />,
  running: (
    <>
      <circle cx="7" cy="7" r="5.500" fill="none" stroke="currentColor" strokeWidth="2" opacity="0.25" />
      <path d="M7 1.500A5.500 5.500 0 0 1 12.500 7" fill="none" stroke="currentColor" strokeWidth="2" className={styles['turn']} />
    </>
  ),
  waiting: <circle cx="7" cy="7" r="5.700" fill="none" stroke="currentColor" strokeWidth="1.500" />,
  off: (
    <>
      <circle cx="7" cy="7" r="5.700" fill="none" stroke="currentColor" strokeWidth="1.500" />
      <path d="M4.500 7h5" stroke="currentColor" strokeWidth="1.500" />
    </>
  ),
};

interface StateMarkProps {
  readonly state: State;
  /** The word of the domain: "succeeded", "quarantined", "firing". Always drawn, because a colour and a shape alone can be missed. */
  readonly word: string;
  /** Draws the shape alone where the word already stands beside it, for example as a column; the word is still read out. */
  readonly wordHidden?: boolean;
}

export function StateMark({ state, word, wordHidden = false }: StateMarkProps) {
  return (
    <span className={classNames(styles['mark'], styles[state])}>
      <svg
        width="14"
        height="14"
        viewBox="0 0 14 14"
        role={wordHidden ? 'img' : undefined}
        aria-label={wordHidden ? word : undefined}
        aria-hidden={!wordHidden}
      >
        {shapes[state]}
      </svg>
      {!wordHidden && <span>{word}</span>}
    </span>
  );
}
