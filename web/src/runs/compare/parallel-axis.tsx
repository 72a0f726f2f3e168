import type { KeyboardEvent, PointerEvent } from 'react';
import styles from './compare.module.css';
import { type Brush, brushAfterKey, type ParallelAxis } from './parallel-data.ts';

export const height = 320;
/** Room above and below the axes for their words. */
export const top = 40;
export const bottom = 26;
const span = height - top - bottom;

interface AxisProps {
  readonly axis: ParallelAxis;
  readonly at: number;
  readonly y: (place: number) => number;
  readonly room: number;
  readonly brush: Brush | undefined;
  /** What the run under the pointer has here. */
  readonly value: string | undefined;
  readonly onBrush: (brush: Brush | undefined) => void;
}

/** One axis with its ends and the range that was chosen on it, by pointer or keys. */
export function Axis({ axis, at, y, room, brush, value, onBrush }: AxisProps) {
  function begin(down: PointerEvent<SVGRectElement>): void {
    const bar = down.currentTarget;
    bar.setPointerCapture(down.pointerId);
    const placeAt = (event: { clientY: number }) => Math.min(1, Math.max(0, 1 - (event.clientY - bar.getBoundingClientRect().top) / span));
    const first = placeAt(down);
    bar.onpointermove = (move) => {
      const now = placeAt(move);
      onBrush({ from: Math.min(first, now), to: Math.max(first, now) });
    };
    bar.onpointerup = (up) => {
      bar.onpointermove = null;
      bar.onpointerup = null;
      // A click takes the brush away.
      if (Math.abs(placeAt(up) - first) < 0.02) onBrush(undefined);
    };
  }
  function press(event: KeyboardEvent): void {
    const next = brushAfterKey(brush, event.key, event.shiftKey);
    if (next === brush) return;
    event.preventDefault();
    onBrush(next);
  }
  const range = brush === undefined ? 'no range' : `from ${Math.round(brush.from * 100)} to ${Math.round(brush.to * 100)} per cent`;
  return (
    <g>
      <line x1={at} x2={at} y1={top} y2={height - bottom} />
      <text x={at} y={14} textAnchor="middle">
        {short(axis.name, room)}
        <title>{axis.name}</title>
      </text>
      <text x={at} y={30} textAnchor="middle">
        {short(value ?? axis.high, room)}
      </text>
      <text x={at} y={height - 8} textAnchor="middle">
        {short(axis.low, room)}
      </text>
      {brush !== undefined && (
        <rect className={styles['brush']} x={at - 7} width={14} y={y(brush.to)} height={Math.max(2, y(brush.from) - y(brush.to))} />
      )}
      <rect
        className={styles['axisBar']}
        x={at - 12}
        width={24}
        y={top}
        height={span}
        tabIndex={0}
        role="slider"
        aria-orientation="vertical"
        aria-label={`Range on ${axis.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((brush?.from ?? 0) * 100)}
        aria-valuetext={range}
        onPointerDown={begin}
        onKeyDown={press}
      />
    </g>
  );
}

function short(name: string, room: number): string {
  const letters = Math.max(4, Math.floor(room / 7));
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}
