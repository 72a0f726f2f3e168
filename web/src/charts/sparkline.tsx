import { formatNumber } from '../ui/format.ts';
import { sparkPath } from './spark-path.ts';
import styles from './small-charts.module.css';

interface SparklineProps {
  /** What goes up and down: "AUC over the last 12 windows". */
  readonly label: string;
  /** Null: no value at this place; the line breaks. */
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
}

/** The course of a figure in the height of a line of text. */
export function Sparkline({ label, values, width = 72, height = 18 }: SparklineProps) {
  const shape = sparkPath(values, { width: width - 6, height: height - 6 });
  if (shape === undefined) return <span className={styles['none']}>no values</span>;
  const last = values.findLast((value) => value !== null);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`-3 -3 ${width} ${height}`}
      role="img"
      aria-label={`${label}: last ${formatNumber(last ?? Number.NaN)}`}
      className={styles['spark']}
    >
      <path d={shape.line} />
      {shape.dots.map((dot) => (
        <circle key={dot.x} cx={dot.x} cy={dot.y} r="1.250" />
      ))}
      <circle cx={shape.last.x} cy={shape.last.y} r="2" />
    </svg>
  );
}
