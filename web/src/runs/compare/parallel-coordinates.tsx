import { useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { Panel } from '../../ui/page-header.tsx';
import { Select } from '../../ui/select.tsx';
import { useWidth } from '../../charts/use-width.ts';
import type { ComparedRun } from './compared-runs.ts';
import { type Brush, type Brushes, firstAxes, type ParallelAxis, withinBrushes } from './parallel-data.ts';
import { Axis, bottom, height, top } from './parallel-axis.tsx';
import { shadeOf } from './shade.ts';
import styles from './compare.module.css';

const side = 64;
const mostAxes = 10;
/** Room that the words above an axis need, in px; a narrow window scrolls. */
const leastRoom = 92;

interface ParallelCoordinatesProps {
  readonly axes: readonly ParallelAxis[];
  readonly runs: readonly ComparedRun[];
  readonly onKeep: (ids: readonly string[]) => void;
}

/** Each run as a line through its parameters and metrics: which values go with which results. The table has the same figures. */
export function ParallelCoordinates({ axes, runs, onKeep }: ParallelCoordinatesProps) {
  const [chosen, setChosen] = useState<readonly string[]>();
  const [brushes, setBrushes] = useState<Brushes>({});
  const [colour, setColour] = useState('');
  const ids = chosen ?? firstAxes(axes, mostAxes);
  const shown = useMemo(() => axes.filter((axis) => ids.includes(axis.id)), [axes, ids]);
  const within = useMemo(() => withinBrushes(shown, brushes, runs.length), [shown, brushes, runs.length]);
  if (axes.length < 2) return <p className={styles['note']}>The runs differ in fewer than two parameters and metrics.</p>;
  const count = within.filter(Boolean).length;
  const brushed = Object.keys(brushes).length > 0;
  const shade = axes.find((axis) => axis.id === colour);
  return (
    <>
      <div className={styles['controls']}>
        <PopoverButton label="Axes" trigger={<Button>Axes {shown.length}</Button>}>
          <div className={styles['axes']}>
            {axes.map((axis) => (
              <Checkbox
                key={axis.id}
                label={`${axis.name} (${axis.kind})`}
                checked={ids.includes(axis.id)}
                onChange={(on) => setChosen(on ? [...ids, axis.id] : ids.filter((id) => id !== axis.id))}
              />
            ))}
          </div>
        </PopoverButton>
        <Select
          label="Colour"
          labelHidden
          choices={[
            { value: '', label: 'Colour of the run' },
            ...axes.map((axis) => ({ value: axis.id, label: `Colour by ${axis.name}` })),
          ]}
          value={colour}
          onChange={setColour}
        />
        <span className={styles['note']} role="status">
          {brushed ? `${count} of ${runs.length} runs pass` : 'Drag along an axis to choose a range'}
        </span>
        {brushed && (
          <>
            <Button onClick={() => setBrushes({})}>All runs</Button>
            <Button
              disabled={count < 2 || count === runs.length}
              onClick={() => onKeep(runs.filter((_, index) => within[index]).map(({ run }) => run.id))}
            >
              Compare only these {count}
            </Button>
          </>
        )}
      </div>
      <Panel>
        <Lines
          axes={shown}
          runs={runs}
          within={within}
          shade={shade}
          brushes={brushes}
          onBrush={(id, brush) =>
            setBrushes((old) => ({
              ...Object.fromEntries(Object.entries(old).filter(([axis]) => axis !== id)),
              ...(brush === undefined ? {} : { [id]: brush }),
            }))
          }
        />
      </Panel>
    </>
  );
}

interface LinesProps {
  readonly axes: readonly ParallelAxis[];
  readonly runs: readonly ComparedRun[];
  readonly within: readonly boolean[];
  readonly shade: ParallelAxis | undefined;
  readonly brushes: Brushes;
  readonly onBrush: (id: string, brush: Brush | undefined) => void;
}

function Lines({ axes, runs, within, shade, brushes, onBrush }: LinesProps) {
  const { ref, width: room } = useWidth<HTMLDivElement>();
  const [over, setOver] = useState<number>();
  const width = Math.max(room, axes.length * leastRoom);
  const x = (index: number) => side + (index * (width - side * 2)) / Math.max(1, axes.length - 1);
  const y = (place: number) => height - bottom - place * (height - top - bottom);
  // The run under the pointer is drawn last, above the others.
  const order = runs
    .map((_, index) => index)
    .toSorted((a, b) => Number(within[a]) - Number(within[b]) || Number(a === over) - Number(b === over));
  return (
    <div ref={ref} className={styles['parallelScroller']} tabIndex={0} role="region" aria-label="Parameters against metrics, scrollable">
      {room > 0 && (
        <svg width={width} height={height} className={styles['parallel']} role="group" aria-label="Parameters against metrics of each run">
          {order.map((index) => {
            const one = runs[index];
            if (one === undefined) return null;
            const stroke = shade === undefined ? `var(--series-${(one.colour % 8) + 1})` : shadeOf(shade.places[index]);
            return (
              <path
                key={one.run.id}
                className={within[index] === true ? (over === index ? styles['overLine'] : styles['line']) : styles['faded']}
                d={pathOf(axes, { run: index, x, y })}
                stroke={stroke}
                onPointerEnter={() => setOver(index)}
                onPointerLeave={() => setOver(undefined)}
              >
                <title>{one.name}</title>
              </path>
            );
          })}
          {axes.map((axis, index) => (
            <Axis
              key={axis.id}
              axis={axis}
              at={x(index)}
              y={y}
              room={width / axes.length}
              brush={brushes[axis.id]}
              value={over === undefined ? undefined : axis.values[over]}
              onBrush={(brush) => onBrush(axis.id, brush)}
            />
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
