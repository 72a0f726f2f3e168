import { StageMark, type StageNumber, stages } from '../ui/stage-mark.tsx';
import styles from './small-charts.module.css';

interface StageBarProps {
  readonly stage: StageNumber;
  readonly met: number;
  readonly total: number;
  /** `reached`: also all stages before it. `next`: the one to work on. */
  readonly standing: 'reached' | 'next' | 'later';
}

/** How much of a stage the evidence supports. */
export function StageBar({ stage, met, total, standing }: StageBarProps) {
  const share = total === 0 ? 0 : met / total;
  const text = `${stages[stage - 1] ?? ''}: ${met} of ${total} criteria met, ${standing}`;
  return (
    <div className={styles['stage']} role="img" aria-label={text}>
      <div className={styles['stageHead']}>
        <StageMark stage={standing === 'reached' ? stage : 0} wordHidden />
        <strong>{stages[stage - 1]}</strong>
        <span className={styles['stageCount']}>
          {met} of {total}
          {standing !== 'later' && `, ${standing}`}
        </span>
      </div>
      <svg width="100%" height="8" aria-hidden>
        <rect width="100%" height="8" rx="2" className={styles['stageRest']} />
        <rect width={`${share * 100}%`} height="8" rx="2" fill={`var(--stage-${stage})`} />
      </svg>
    </div>
  );
}
