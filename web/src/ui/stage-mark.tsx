import styles from './marks.module.css';

export const stages = ['Initial', 'Repeatable', 'Scalable', 'Reliable'] as const;
export type StageNumber = 1 | 2 | 3 | 4;

interface StageMarkProps {
  /** 0: no stage reached yet. */
  readonly stage: 0 | StageNumber;
  readonly size?: number;
  readonly wordHidden?: boolean;
}

/** The stage a project has reached: a fruit that fills by quarters and ripens in colour. */
export function StageMark({ stage, size = 16, wordHidden = false }: StageMarkProps) {
  const word = stage === 0 ? 'No stage yet' : (stages[stage - 1] ?? '');
  return (
    <span className={styles['mark']}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        role={wordHidden ? 'img' : undefined}
        aria-label={wordHidden ? word : undefined}
        aria-hidden={!wordHidden}
      >
        {stage !== 0 && <path d={quarters[stage]} className={styles[`stage${stage}`]} />}
        <circle cx="8" cy="8.500" r="6.250" className={styles['rind']} />
        <path d="M8 2.250C8 1.200 9 .500 10.500.500" className={styles['stem']} />
      </svg>
      {!wordHidden && <span>{word}</span>}
    </span>
  );
}

// From the bottom up: 25, 50, 75 and 100 percent of the height of a circle with radius 6 around (8, 8.5).
const quarters: Readonly<Record<StageNumber, string>> = {
  1: 'M2.804 11.500a6 6 0 0 0 10.392 0z',
  2: 'M2 8.500a6 6 0 0 0 12 0z',
  3: 'M2.804 5.500a6 6 0 1 0 10.392 0z',
  4: 'M8 2.500a6 6 0 1 0 .001 0z',
};
