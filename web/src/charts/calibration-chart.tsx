import { scaleLinear, scaleSqrt } from 'd3-scale';
import { useMemo, useState } from 'react';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';
import { type CalibrationBin, type CalibrationDrawing, prepareCalibration } from './calibration-data.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './svg-chart.module.css';
import { useWidth } from './use-width.ts';

/** Predicted probability against what came true; on the dashed line both agree. Larger dots stand for more predictions. */
export function CalibrationChart({
  title,
  bins,
  height = 220,
}: {
  readonly title: string;
  readonly bins: readonly CalibrationBin[];
  readonly height?: number;
}) {
  const prepared = useMemo(() => prepareCalibration(bins), [bins]);
  return (
    <ChartFrame
      title={title}
      prepared={prepared}
      unit={prepared.kind === 'drawing' ? `error ${formatNumber(prepared.drawing.error, 3)}` : undefined}
    >
      {(drawing) => <Dots title={title} drawing={drawing} height={height} />}
    </ChartFrame>
  );
}

const left = 40;
const bottom = 36;

function Dots({ title, drawing, height }: { readonly title: string; readonly drawing: CalibrationDrawing; readonly height: number }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [over, setOver] = useState<number>();
  const right = Math.max(width - 18, left + 1);
  const x = scaleLinear([0, 1], [left, right]);
  const y = scaleLinear([0, 1], [height - bottom, 8]);
  const size = scaleSqrt([0, 1], [3, 12]);
  const point = over === undefined ? undefined : drawing.points[over];
  return (
    <div ref={ref} className={styles['chart']} style={{ height }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${title}: ${drawing.points.length} ranges, calibration error ${formatNumber(drawing.error, 3)}`}
        >
          {y.ticks(4).map((tick) => (
            <g key={tick}>
              <path d={`M${left} ${y(tick)}H${right}`} className={styles['grid']} />
              <text x={left - 6} y={y(tick)} dy="0.320em" textAnchor="end" className={styles['tick']}>
                {formatShare(tick, 0)}
              </text>
              <text x={x(tick)} y={height - bottom + 14} textAnchor="middle" className={styles['tick']}>
                {formatShare(tick, 0)}
              </text>
            </g>
          ))}
          <path d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} className={styles['diagonal']} />
          <path d={`M${drawing.points.map((one) => `${x(one.predicted)} ${y(one.observed)}`).join('L')}`} className={styles['curve']} />
          {drawing.points.map((one, index) => (
            <circle
              key={one.predicted}
              cx={x(one.predicted)}
              cy={y(one.observed)}
              r={size(one.share)}
              className={styles['dot']}
              onPointerEnter={() => setOver(index)}
              onPointerLeave={() => setOver(undefined)}
            />
          ))}
          <text x={(left + right) / 2} y={height - 4} textAnchor="middle" className={styles['tick']}>
            predicted, against observed share
          </text>
        </svg>
      )}
      {point !== undefined && (
        <div
          className={styles['tip']}
          style={point.predicted > 0.5 ? { right: width - x(point.predicted) + 14 } : { left: x(point.predicted) + 14 }}
        >
          <div>
            predicted <b>{formatShare(point.predicted)}</b>
          </div>
          <div>
            observed <b>{formatShare(point.observed)}</b>
          </div>
          <div>{formatCount(point.count)} predictions</div>
        </div>
      )}
    </div>
  );
}
