import type { RunComparisonWire } from '#tracking/wire.ts';
import { useMemo } from 'react';
import { useWidth } from '../charts/use-width.ts';
import { Panel, Section } from '../ui/page-header.tsx';
import styles from './runs.module.css';
import { type ParallelAxis, parallelAxes } from './parallel-data.ts';

const height = 240;
const top = 34;
const bottom = 22;
const side = 56;
const mostAxes = 10;
/** Room that the words above an axis need, in px; a narrow window scrolls. */
const leastRoom = 84;

/** Each run as a line through its parameters and metrics: which values go with which results. The table below has the same figures. */
export function ParallelCoordinates({ comparison }: { readonly comparison: RunComparisonWire }) {
  const axes = useMemo(() => parallelAxes(comparison), [comparison]);
  if (axes.length < 2) return null;
  const shown = axes.slice(0, mostAxes);
  const note = axes.length > mostAxes ? `the first ${mostAxes} of ${axes.length} that differ` : undefined;
  return (
    <Section title="Parameters against metrics" note={note}>
      <Panel>
        <Lines axes={shown} names={comparison.runs.map((run) => run.name)} />
      </Panel>
    </Section>
  );
}

function Lines({ axes, names }: { readonly axes: readonly ParallelAxis[]; readonly names: readonly string[] }) {
  const { ref, width: room } = useWidth<HTMLDivElement>();
  const width = Math.max(room, axes.length * leastRoom);
  const x = (index: number) => side + (index * (width - side * 2)) / Math.max(1, axes.length - 1);
  const y = (place: number) => height - bottom - place * (height - top - bottom);
  return (
    <div ref={ref} className={styles['parallelScroller']} tabIndex={0} role="region" aria-label="Parameters against metrics, scrollable">
      {room > 0 && (
        <svg width={width} height={height} className={styles['parallel']} role="img" aria-label="Parameters against metrics of each run">
          {axes.map((axis, index) => (
            <g key={`${axis.kind} ${axis.name}`}>
              <line x1={x(index)} x2={x(index)} y1={top} y2={height - bottom} />
              <text x={x(index)} y={12} textAnchor="middle">
                {short(axis.name, width / axes.length)}
              </text>
              <text x={x(index)} y={27} textAnchor="middle">
                {axis.high}
              </text>
              <text x={x(index)} y={height - 6} textAnchor="middle">
                {axis.low}
              </text>
            </g>
          ))}
          {names.map((name, run) => (
            <path key={run} d={pathOf(axes, { run, x, y })} stroke={`var(--series-${(run % 8) + 1})`}>
              <title>{name}</title>
            </path>
          ))}
        </svg>
      )}
    </div>
  );
}

interface Course {
  readonly run: number;
  readonly x: (index: number) => number;
  readonly y: (place: number) => number;
}

// A run without a value on an axis has a gap there.
function pathOf(axes: readonly ParallelAxis[], { run, x, y }: Course): string {
  let isDown = false;
  return axes
    .map((axis, index) => {
      const place = axis.places[run];
      const piece = place === undefined ? '' : `${isDown ? 'L' : 'M'}${x(index)} ${y(place)}`;
      isDown = place !== undefined;
      return piece;
    })
    .join('');
}

function short(name: string, room: number): string {
  const letters = Math.max(4, Math.floor(room / 7));
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}
