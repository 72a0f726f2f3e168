import { Progress } from '@base-ui/react/progress';
import styles from './progress-bar.module.css';

interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  /** Undefined: how much there is to do is not known. */
  readonly total?: number | undefined;
  /** What stands at the end, for example "3 of 10 epochs". */
  readonly text?: string;
}

export function ProgressBar({ label, done, total, text }: ProgressBarProps) {
  const known = total !== undefined && total > 0;
  return (
    <Progress.Root value={known ? Math.min(done, total) : null} max={known ? total : 1} className={styles['root']} aria-valuetext={text}>
      <Progress.Label className={styles['label']}>{label}</Progress.Label>
      {text !== undefined && <span className={styles['text']}>{text}</span>}
      <Progress.Track className={styles['track']}>
        <Progress.Indicator className={styles['indicator']} />
      </Progress.Track>
    </Progress.Root>
  );
}
