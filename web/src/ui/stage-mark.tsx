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
        <circle cx="8" cy="8.500" r="6.250" className={styles['rind']} />
        {stage !== 0 && <path d={quarters[stage]} className={styles[`stage${stage}`]} />}
        <path d="M8 2.250C8 1.200 9 .500 10.500.500" className={styles['stem']} />
      </svg>
      {!wordHidden && <span>{word}</span>}
    </span>
  );
}

// From the bottom up: 25, 50, 75 and 100 percent of the height of a circle with radius 4.75 around (8, 8.5).
const quarters: Readonly<Record<StageNumber, string>> = {
  1: 'M3.886 10.875a4.750 4.750 0 0 0 8.228 0z',
  2: 'M3.250 8.500a4.750 4.750 0 0 0 9.500 0z',
  3: 'M3.886 6.125a4.750 4.750 0 1 0 8.228 0z',
  4: 'M8 3.750a4.750 4.750 0 1 0 .001 0z',
};
