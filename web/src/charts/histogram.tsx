import { scaleLinear } from 'd3-scale';
import { useMemo, useState } from 'react';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';
import { ChartFrame, Legend } from './chart-frame.tsx';
import { type Distribution, type HistogramBar, type HistogramDrawing, prepareHistogram } from './histogram-data.ts';
import styles from './svg-chart.module.css';
import { useWidth } from './use-width.ts';

interface HistogramProps {
  readonly title: string;
  readonly unit?: string;
  readonly current: Distribution | undefined;
  readonly reference?: Distribution | undefined;
  readonly height?: number;
  readonly referenceName?: string;
  /** How a value of the axis is written; as a number unless said. */
  readonly writeValue?: (value: number) => string;
}

/** Distribution of a column or score: current in front, reference behind, both as shares of their rows. */
export function Histogram({
  title,
  unit,
  current,
  reference,
  height = 160,
  referenceName = 'Reference',
  writeValue = formatNumber,
}: HistogramProps) {
  const prepared = useMemo(() => prepareHistogram(current, reference), [current, reference]);
  const both = [
    { name: 'Current', colour: 'series-1' },
    { name: referenceName, colour: 'reference' },
  ];
  const legend = prepared.kind === 'drawing' && prepared.drawing.compares ? <Legend items={both} /> : undefined;
  return (
    <ChartFrame title={title} unit={unit} prepared={prepared} legend={legend}>
      {(drawing) => <Bars title={title} drawing={drawing} height={height} writeValue={writeValue} />}
    </ChartFrame>
  );
}

/** Bars wider than this, in px, are drawn as a light area below a line: a solid block would look like most of the rows. */
const heavy = 28;
const left = 40;
const bottom = 20;
const top = 6;

interface BarsProps {
  readonly title: string;
  readonly drawing: HistogramDrawing;
  readonly height: number;
  readonly writeValue: (value: number) => string;
}

function Bars({ title, drawing, height, writeValue }: BarsProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [over, setOver] = useState<number>();
  const { bars, highest, kind } = drawing;
  const x = scaleLinear([bars[0]?.from ?? 0, bars.at(-1)?.to ?? 1], [left, Math.max(width - 1, left + 1)]);
  const y = scaleLinear([0, highest], [height - bottom, top]).nice(4);
  const shown = over === undefined ? undefined : bars[over];
  return (
    <div ref={ref} className={styles['chart']} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={summary(title, drawing)} onPointerLeave={() => setOver(undefined)}>
          {y.ticks(3).map((tick) => (
            <g key={tick}>
              <path d={`M${left} ${y(tick)}H${width}`} className={styles['grid']} />
              <text x={left - 6} y={y(tick)} dy="0.320em" textAnchor="end" className={styles['tick']}>
                {formatShare(tick, highest < 0.03 ? 1 : 0)}
              </text>
            </g>
          ))}
          {bars.map((bar, index) => (
            <Bar key={bar.label} bar={bar} x={x} y={y} compares={drawing.compares} isOver={index === over} onOver={() => setOver(index)} />
          ))}
          {labelsOf(drawing, { x, width, writeValue }).map((label) => (
            <text key={label.at} x={label.at} y={height - 5} textAnchor={label.anchor} className={styles['tick']}>
              {label.text}
            </text>
          ))}
        </svg>
      )}
      {shown !== undefined && <BarTip bar={shown} at={x((shown.from + shown.to) / 2)} width={width} numeric={kind === 'numeric'} />}
    </div>
  );
}

interface BarProps {
  readonly bar: HistogramBar;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly compares: boolean;
  readonly isOver: boolean;
  readonly onOver: () => void;
}

function Bar({ bar, x, y, compares, isOver, onOver }: BarProps) {
  const from = x(bar.from) + 0.5;
  const width = Math.max(x(bar.to) - x(bar.from) - 1, 1);
  const inset = compares ? Math.min(width * 0.18, 6) : 0;
  const floor = y(0);
  return (
    <g onPointerEnter={onOver}>
      <rect x={from} y={0} width={width} height={floor} fill="transparent" className={isOver ? styles['over'] : undefined} />
      {bar.reference !== undefined && (
        <rect x={from} width={width} y={y(bar.reference)} height={Math.max(floor - y(bar.reference), 0)} className={styles['reference']} />
      )}
      {bar.current !== undefined && (
        <>
          <rect
            x={from + inset}
            width={width - inset * 2}
            y={y(bar.current)}
            height={Math.max(floor - y(bar.current), 0)}
            className={width > heavy ? styles['currentWide'] : styles['current']}
          />
          {width > heavy && bar.current > 0 && (
            <path d={`M${from + inset} ${y(bar.current)}h${width - inset * 2}`} className={styles['cap']} />
          )}
        </>
      )}
    </g>
  );
}

function BarTip({
  bar,
  at,
  width,
  numeric,
}: {
  readonly bar: HistogramBar;
  readonly at: number;
  readonly width: number;
  readonly numeric: boolean;
}) {
  const side = at > width / 2 ? { right: width - at + 8 } : { left: at + 8 };
  return (
    <div className={styles['tip']} style={side}>
      <div>{numeric ? `${formatNumber(bar.from)} to ${formatNumber(bar.to)}` : bar.label}</div>
      {bar.current !== undefined && <TipLine name="Current" share={bar.current} count={bar.currentCount} />}
      {bar.reference !== undefined && <TipLine name="Reference" share={bar.reference} count={bar.referenceCount} />}
    </div>
  );
}

function TipLine({ name, share, count }: { readonly name: string; readonly share: number; readonly count: number | undefined }) {
  return (
    <div>
      {name} <b>{formatShare(share)}</b> {count !== undefined && <span>{formatCount(count)} rows</span>}
    </div>
  );
}

interface Axis {
  readonly x: { (value: number): number; ticks(count: number): number[] };
  readonly width: number;
  readonly writeValue: (value: number) => string;
}

function labelsOf({ kind, bars }: HistogramDrawing, { x, width, writeValue }: Axis) {
  if (kind === 'numeric')
    return x
      .ticks(Math.max(2, Math.floor(width / 80)))
      .flatMap((tick) => (x(tick) > width - 14 ? [] : [labelAt(x(tick), writeValue(tick), width)]));
  const room = bars.length === 0 ? 0 : (width - left) / bars.length;
  const every = Math.max(1, Math.ceil(34 / Math.max(room, 1)));
  const letters = Math.max(3, Math.floor((room * every) / 7));
  const short = (label: string) => (label.length > letters ? `${label.slice(0, letters - 1)}…` : label);
  return bars.flatMap((bar, index) => (index % every === 0 ? [labelAt(x(index + 0.5), short(bar.label), width)] : []));
}

/** Centred below its bar, but never over the right edge. */
function labelAt(middle: number, text: string, width: number) {
  return middle + text.length * 3.5 > width
    ? ({ at: width, text, anchor: 'end' } as const)
    : ({ at: middle, text, anchor: 'middle' } as const);
}

function summary(title: string, drawing: HistogramDrawing): string {
  const largest = drawing.bars.toSorted((a, b) => (b.current ?? b.reference ?? 0) - (a.current ?? a.reference ?? 0))[0];
  return `${title}: ${drawing.bars.length} bars; the largest is ${largest?.label ?? ''} with ${formatShare(largest?.current ?? largest?.reference ?? 0)}`;
}
