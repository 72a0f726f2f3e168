import 'uplot/dist/uPlot.min.css';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { Button } from '../ui/button.tsx';
import { onSchemeChange } from '../ui/theme.ts';
import { ChartFrame, Legend } from './chart-frame.tsx';
import { type LineDrawing, type LineOptions, type LineSeries, prepareLines } from './line-data.ts';
import { lineTip } from './line-tip.ts';
import styles from './line-chart.module.css';
import { plotOptions } from './plot-options.ts';
import { seriesDash, seriesToken } from './token-colour.ts';

interface LineChartProps extends Omit<LineOptions, 'scale'> {
  readonly title: string;
  readonly unit?: string;
  readonly series: readonly LineSeries[];
  readonly height?: number;
  /** Charts with the same key share their cursor. */
  readonly sync?: string;
  /** Offers a switch between linear and log axis. */
  readonly logSwitch?: boolean;
  readonly initialScale?: 'linear' | 'log';
  /** Given when one switch serves several charts. */
  readonly scale?: 'linear' | 'log';
  /** After a drag: the part of x that was chosen; undefined when all shall be seen again. */
  readonly onZoom?: (range: { readonly from: number; readonly to: number } | undefined) => void;
  readonly actions?: ReactNode;
  /** Names of the lines stand elsewhere. */
  readonly legend?: boolean;
  /** A level to compare with: a threshold, a budget. */
  readonly limit?: { readonly value: number; readonly label: string };
}

/** Curves over steps or time. Drag to zoom, double-click to see all; arrow keys move the cursor, plus, minus and 0 zoom. */
export function LineChart({
  title,
  unit,
  series,
  height = 200,
  sync,
  logSwitch = false,
  initialScale = 'linear',
  limit,
  xName,
  yName,
  xKind,
  nullMeans,
  scale: givenScale,
  onZoom,
  actions,
  legend: showsLegend = true,
}: LineChartProps) {
  const [ownScale, setScale] = useState(initialScale);
  const scale = givenScale ?? ownScale;
  const prepared = useMemo(
    () => prepareLines(series, { xName, yName, xKind, scale, ...(nullMeans === undefined ? {} : { nullMeans }) }),
    [series, xName, yName, xKind, scale, nullMeans],
  );
  const legend =
    showsLegend && prepared.kind === 'drawing' && prepared.drawing.series.filter((one) => !one.faint).length > 1 ? (
      <Legend items={prepared.drawing.series.filter((one) => !one.faint).map(legendItem)} />
    ) : undefined;
  return (
    <ChartFrame
      title={title}
      unit={unit}
      prepared={prepared}
      legend={legend}
      actions={
        <>
          {actions}
          {logSwitch && (
            <Button look="plain" aria-pressed={scale === 'log'} onClick={() => setScale(scale === 'log' ? 'linear' : 'log')}>
              Log
            </Button>
          )}
        </>
      }
    >
      {(drawing) => (
        <Plot
          drawing={drawing}
          title={title}
          height={height}
          sync={sync}
          scale={scale}
          limit={limit}
          xKind={xKind}
          xName={xName}
          nullMeans={nullMeans}
          onZoom={onZoom}
        />
      )}
    </ChartFrame>
  );
}

function legendItem(series: LineDrawing['series'][number]) {
  return { name: series.name, colour: seriesToken(series.colour), dash: seriesDash(series.colour).join(' ') || undefined };
}

interface PlotProps extends Pick<LineChartProps, 'title' | 'xKind' | 'xName'> {
  readonly onZoom: LineChartProps['onZoom'];
  readonly limit: LineChartProps['limit'];
  readonly sync: string | undefined;
  readonly nullMeans: string | undefined;
  readonly drawing: LineDrawing;
  readonly height: number;
  readonly scale: 'linear' | 'log';
}

/** What must be drawn anew from the ground; everything else is only other data. */
function shapeOf(drawing: LineDrawing): string {
  const lines = drawing.series.map((one) => [
    one.name,
    one.colour,
    one.faint,
    one.y.filter((value) => typeof value === 'number').length <= 40,
  ]);
  return JSON.stringify(lines);
}

function dataOf(drawing: LineDrawing): uPlot.AlignedData {
  return [[...drawing.x], ...drawing.series.map((series) => [...series.y])];
}

function Plot({ drawing, title, height, sync, scale, limit, xKind, xName, nullMeans, onZoom }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const zoomed = useRef(false);
  const latest = useRef({ drawing, onZoom });
  const drawn = useRef<LineDrawing>(undefined);
  useEffect(() => {
    latest.current = { drawing, onZoom };
  }, [drawing, onZoom]);
  const [scheme, setScheme] = useState(0);
  useEffect(() => onSchemeChange(() => setScheme((count) => count + 1)), []);
  const shape = shapeOf(drawing);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const { drawing: first } = latest.current;
    const choose = (range: { from: number; to: number }) => {
      zoomed.current = true;
      latest.current.onZoom?.(range);
    };
    const options = plotOptions({ element, drawing: first, height, sync, scale, limit, xKind, onZoom: choose });
    const tip = lineTip(() => latest.current.drawing, { xKind, xName, nullMeans });
    const made = new uPlot({ ...options, plugins: [tip] }, dataOf(first), element);
    plot.current = made;
    drawn.current = first;
    zoomed.current = false;
    const showAll = () => {
      zoomed.current = false;
      latest.current.onZoom?.(undefined);
    };
    made.over.addEventListener('dblclick', showAll);
    // A canvas drawn before the font came keeps the wrong one.
    if (document.fonts.status === 'loading') void document.fonts.ready.then(() => plot.current === made && made.redraw(false, true));
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, height, sync, scale, limit, xKind, xName, nullMeans, scheme]);
  // What a run logs meanwhile moves the line; zoom and cursor stay.
  useEffect(() => {
    if (drawn.current === drawing) return;
    drawn.current = drawing;
    plot.current?.setData(dataOf(drawing), !zoomed.current);
  }, [drawing]);

  function moveCursor(key: string): boolean {
    const made = plot.current;
    if (made === undefined) return false;
    if (zoomByKey(made, key)) return true;
    const moves: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const by = moves[key];
    if (by === undefined) return false;
    const last = drawing.x.length - 1;
    const index = Math.max(0, Math.min(last, (made.cursor.idx ?? (by > 0 ? -1 : last + 1)) + by));
    const x = drawing.x[index] ?? 0;
    const first = drawing.series.findLast((series) => typeof series.y[index] === 'number')?.y[index] ?? 0;
    const left = made.valToPos(x, 'x');
    const top = made.valToPos(first, 'y');
    made.setCursor({ left, top });
    if (sync !== undefined && made.cursor.sync !== undefined) {
      // The other charts place their cursor by this value; uPlot itself sets it only for the pointer.
      made.cursor.sync.values = [x, first];
      uPlot.sync(sync).pub('mousemove', made, left, top, made.over.clientWidth, made.over.clientHeight, index);
    }
    return true;
  }

  /** Plus and minus halve and double the part of x around the cursor, 0 shows all. */
  function zoomByKey(made: uPlot, key: string): boolean {
    const first = drawing.x[0];
    const last = drawing.x.at(-1);
    if (first === undefined || last === undefined || !['+', '=', '-', '0'].includes(key)) return false;
    const { min = first, max = last } = made.scales['x'] ?? {};
    const middle =
      made.cursor.idx === null || made.cursor.idx === undefined
        ? ((min ?? first) + (max ?? last)) / 2
        : (drawing.x[made.cursor.idx] ?? first);
    const half = (((max ?? last) - (min ?? first)) / 2) * (key === '-' ? 2 : 0.5);
    const from = key === '0' ? first : Math.max(first, middle - half);
    const to = key === '0' ? last : Math.min(last, middle + half);
    const all = from <= first && to >= last;
    zoomed.current = !all;
    made.setScale('x', { min: from, max: to });
    onZoom?.(all ? undefined : { from, to });
    return true;
  }

  function leave(): void {
    const made = plot.current;
    if (made === undefined) return;
    made.setCursor({ left: -10, top: -10 });
    if (sync !== undefined) uPlot.sync(sync).pub('mousemove', made, -10, -10, 0, 0, -1);
  }

  return (
    <div
      ref={box}
      className={styles['plot']}
      style={{ height }}
      tabIndex={0}
      role="img"
      aria-label={`${title}. ${drawing.x.length} points; arrow keys read them, plus and minus zoom, the table lists them.`}
      onKeyDown={(event) => moveCursor(event.key) && event.preventDefault()}
      onBlur={leave}
    />
  );
}
