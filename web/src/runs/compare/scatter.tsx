import { scaleLinear } from 'd3-scale';
import { useMemo, useState } from 'react';
import { ChartFrame } from '../../charts/chart-frame.tsx';
import { useWidth } from '../../charts/use-width.ts';
import { formatNumber } from '../../ui/format.ts';
import { Panel } from '../../ui/page-header.tsx';
import { Select } from '../../ui/select.tsx';
import type { ComparedRun } from './compared-runs.ts';
import styles from './compare.module.css';
import { judgedFirst, type ParallelAxis } from './parallel-data.ts';
import { numericAxes, prepareScatter, type ScatterChoice, type ScatterDrawing } from './scatter-data.ts';
import { shadeOf } from './shade.ts';

interface ScatterProps {
  readonly axes: readonly ParallelAxis[];
  readonly runs: readonly ComparedRun[];
  /** Ids of the axes, kept in the address. */
  readonly chosen: { readonly x?: string | undefined; readonly y?: string | undefined; readonly colour?: string | undefined };
  readonly onChoose: (part: { readonly x?: string; readonly y?: string; readonly colour?: string | undefined }) => void;
  readonly onOpen: (run: string) => void;
}

/** Runs as dots: one number against another, coloured by a third. */
export function Scatter({ axes, runs, chosen, onChoose, onOpen }: ScatterProps) {
  const numbers = useMemo(() => numericAxes(axes), [axes]);
  const choice = useMemo((): ScatterChoice => {
    const named = (id: string | undefined) => axes.find((axis) => axis.id === id);
    const x = named(chosen.x) ?? numbers.find((axis) => axis.kind === 'parameter') ?? numbers[0];
    const y = named(chosen.y) ?? judgedFirst(numbers).find((axis) => axis !== x) ?? numbers.find((axis) => axis !== x);
    return { x, y, colour: named(chosen.colour) };
  }, [axes, numbers, chosen]);
  const names = useMemo(() => runs.map(({ name }) => name), [runs]);
  const prepared = useMemo(() => prepareScatter(choice, names), [choice, names]);
  const choices = numbers.map((axis) => ({ value: axis.id, label: axis.name }));
  const title = choice.x === undefined || choice.y === undefined ? 'Scatter' : `${choice.y.name} against ${choice.x.name}`;
  return (
    <>
      {choices.length > 1 && (
        <div className={styles['controls']}>
          <Select label="Horizontal" choices={choices} value={choice.x?.id ?? ''} onChange={(x) => onChoose({ x })} />
          <Select label="Vertical" choices={choices} value={choice.y?.id ?? ''} onChange={(y) => onChoose({ y })} />
          <Select
            label="Colour"
            choices={[{ value: '', label: 'the run' }, ...axes.map((axis) => ({ value: axis.id, label: axis.name }))]}
            value={choice.colour?.id ?? ''}
            onChange={(colour) => onChoose({ colour: colour === '' ? undefined : colour })}
          />
        </div>
      )}
      <Panel>
        <ChartFrame title={title} prepared={prepared}>
          {(drawing) => <Dots drawing={drawing} choice={choice} runs={runs} title={title} onOpen={onOpen} />}
        </ChartFrame>
      </Panel>
    </>
  );
}

const height = 420;
const edge = { left: 64, right: 24, top: 12, bottom: 40 } as const;

interface DotsProps {
  readonly drawing: ScatterDrawing;
  readonly choice: ScatterChoice;
  readonly runs: readonly ComparedRun[];
  readonly title: string;
  readonly onOpen: (run: string) => void;
}

function Dots({ drawing, choice, runs, title, onOpen }: DotsProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [over, setOver] = useState<number>();
  const x = scaleLinear(drawing.x, [edge.left, Math.max(edge.left + 1, width - edge.right)]);
  const y = scaleLinear(drawing.y, [height - edge.bottom, edge.top]);
  const told = drawing.dots.find((dot) => dot.run === over);
  return (
    <div ref={ref} className={styles['scatter']} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="group" aria-label={`${title}. ${drawing.dots.length} runs; the table lists them.`}>
          {y.ticks(6).map((tick) => (
            <g key={`y ${tick}`}>
              <line className={styles['gridLine']} x1={edge.left} x2={width - edge.right} y1={y(tick)} y2={y(tick)} />
              <text x={edge.left - 8} y={y(tick) + 4} textAnchor="end">
                {formatNumber(tick, 3)}
              </text>
            </g>
          ))}
          {x.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => (
            <text key={`x ${tick}`} x={x(tick)} y={height - edge.bottom + 18} textAnchor="middle">
              {formatNumber(tick, 3)}
            </text>
          ))}
          <text x={(width + edge.left) / 2} y={height - 4} textAnchor="middle">
            {choice.x?.name}
          </text>
          {drawing.dots.map((dot) => {
            const one = runs[dot.run];
            if (one === undefined) return null;
            const fill = choice.colour === undefined ? `var(--series-${(one.colour % 8) + 1})` : shadeOf(dot.shade);
            return (
              <circle
                key={one.run.id}
                className={styles['dot']}
                cx={x(dot.x)}
                cy={y(dot.y)}
                r={dot.run === over ? 7 : 5}
                fill={fill}
                tabIndex={0}
                role="button"
                aria-label={`Open ${one.name}: ${formatNumber(dot.x)} and ${formatNumber(dot.y)}`}
                onPointerEnter={() => setOver(dot.run)}
                onPointerLeave={() => setOver(undefined)}
                onFocus={() => setOver(dot.run)}
                onBlur={() => setOver(undefined)}
                onClick={() => onOpen(one.run.id)}
                onKeyDown={(event) => event.key === 'Enter' && onOpen(one.run.id)}
              />
            );
          })}
        </svg>
      )}
      {told !== undefined && (
        <div
          className={styles['tip']}
          style={{ left: Math.min(Math.max(8, x(told.x) - 80), Math.max(8, width - 200)), top: Math.max(0, y(told.y) - 84) }}
        >
          <strong>{runs[told.run]?.name}</strong>
          <div>
            {choice.x?.name} <b>{formatNumber(told.x, 6)}</b>
          </div>
          <div>
            {choice.y?.name} <b>{formatNumber(told.y, 6)}</b>
          </div>
          {choice.colour !== undefined && (
            <div>
              {choice.colour.name} <b>{choice.colour.values[told.run] ?? '–'}</b>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
