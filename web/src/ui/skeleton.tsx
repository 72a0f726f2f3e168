import styles from './states.module.css';

/** Stands for lines that are being read. Appears only after 300 ms, so that a quick answer does not flash. */
export function Skeleton({ lines = 6, label = 'Reading' }: { readonly lines?: number; readonly label?: string }) {
  return (
    <div className={styles['skeleton']} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className={styles['bone']} style={{ width: `${widths[index % widths.length]}%` }} />
      ))}
    </div>
  );
}

const widths = [92, 78, 86, 64, 81, 72] as const;
