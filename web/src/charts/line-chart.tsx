import 'uplot/dist/uPlot.min.css';
import { useEffect, useMemo, useRef, useState } from 'react';
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
  /** A level to compare with: a threshold, a budget. */
  readonly limit?: { readonly value: number; readonly label: string };
}

/** Curves over steps or time. Drag to zoom, double-click to see all; arrow keys move the cursor. */
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
}: LineChartProps) {
  const [scale, setScale] = useState(initialScale);
  const prepared = useMemo(
    () => prepareLines(series, { xName, yName, xKind, scale, ...(nullMeans === undefined ? {} : { nullMeans }) }),
    [series, xName, yName, xKind, scale, nullMeans],
  );
  const legend =
    prepared.kind === 'drawing' && prepared.drawing.series.length > 1 ? (
      <Legend items={prepared.drawing.series.map(legendItem)} />
    ) : undefined;
  return (
    <ChartFrame
      title={title}
      unit={unit}
      prepared={prepared}
      legend={legend}
      actions={
        logSwitch && (
          <Button look="plain" aria-pressed={scale === 'log'} onClick={() => setScale(scale === 'log' ? 'linear' : 'log')}>
            Log
          </Button>
        )
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
        />
      )}
    </ChartFrame>
  );
}

function legendItem(series: LineDrawing['series'][number]) {
  return { name: series.name, colour: seriesToken(series.colour), dash: seriesDash(series.colour).join(' ') || undefined };
}

interface PlotProps extends Pick<LineChartProps, 'title' | 'xKind' | 'xName'> {
  readonly limit: LineChartProps['limit'];
  readonly sync: string | undefined;
  readonly nullMeans: string | undefined;
  readonly drawing: LineDrawing;
  readonly height: number;
  readonly scale: 'linear' | 'log';
}

function Plot({ drawing, title, height, sync, scale, limit, xKind, xName, nullMeans }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [scheme, setScheme] = useState(0);
  useEffect(() => onSchemeChange(() => setScheme((count) => count + 1)), []);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const options = plotOptions({ element, drawing, height, sync, scale, limit, xKind });
    const data: uPlot.AlignedData = [[...drawing.x], ...drawing.series.map((series) => [...series.y])];
    const made = new uPlot({ ...options, plugins: [lineTip(drawing, { xKind, xName, nullMeans })] }, data, element);
    plot.current = made;
    // A canvas drawn before the font came keeps the wrong one.
    if (document.fonts.status === 'loading') void document.fonts.ready.then(() => plot.current === made && made.redraw(false, true));
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [drawing, height, sync, scale, limit, xKind, xName, nullMeans, scheme]);

  function moveCursor(key: string): boolean {
    const made = plot.current;
    if (made === undefined) return false;
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
      aria-label={`${title}. ${drawing.x.length} points; arrow keys read them, the table lists them.`}
      onKeyDown={(event) => moveCursor(event.key) && event.preventDefault()}
      onBlur={leave}
    />
  );
}
