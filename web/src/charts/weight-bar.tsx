import { formatShare } from '../ui/format.ts';
import { prepareWeights, type Weight } from './weight-data.ts';
import styles from './small-charts.module.css';

/** How traffic is split between revisions; the list below the bar is its table. */
export function WeightBar({ label, weights }: { readonly label: string; readonly weights: readonly Weight[] }) {
  const prepared = prepareWeights(weights);
  if (prepared.kind === 'nothing')
    return (
      <p className={styles['none']}>
        {prepared.title}. {prepared.hint}
      </p>
    );
  return (
    <div role="group" aria-label={label}>
      <div className={styles['weights']} aria-hidden>
        {prepared.drawing.map(
          (part, index) =>
            part.share > 0 && <span key={part.label} style={{ flexGrow: part.share, background: `var(--series-${(index % 8) + 1})` }} />,
        )}
      </div>
      <ul className={styles['weightList']}>
        {prepared.drawing.map((part, index) => (
          <li key={part.label}>
            <span className={styles['swatch']} style={{ background: `var(--series-${(index % 8) + 1})` }} aria-hidden />
            <span>{part.label}</span>
            <strong>{formatShare(part.share, part.share > 0 && part.share < 0.01 ? 2 : 0)}</strong>
            {part.note !== undefined && <span className={styles['note']}>{part.note}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
