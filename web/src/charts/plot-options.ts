import uPlot from 'uplot';
import { formatDuration, formatNumber } from '../ui/format.ts';
import type { LineDrawing } from './line-data.ts';
import { timeTicks } from './time-ticks.ts';
import { seriesDash, seriesToken, tokenColour } from './token-colour.ts';

interface PlotInput {
  readonly element: HTMLElement;
  readonly drawing: LineDrawing;
  readonly height: number;
  readonly sync: string | undefined;
  readonly scale: 'linear' | 'log';
  readonly limit: { readonly value: number; readonly label: string } | undefined;
  readonly xKind: 'time' | 'number' | 'duration';
  /** The part of x that the reader chose by dragging. */
  readonly onZoom: ((range: { readonly from: number; readonly to: number }) => void) | undefined;
}

const font = '11px "Inter Variable", system-ui, sans-serif';

/** How uPlot shall draw prepared lines, in the colours of the page as it looks now. */
export function plotOptions({ element, drawing, height, sync, scale, limit, xKind, onZoom }: PlotInput): uPlot.Options {
  const colour = (token: string) => tokenColour(element, token);
  const axis: uPlot.Axis = {
    stroke: colour('chart-axis'),
    font,
    grid: { stroke: colour('chart-grid'), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const yAxis: uPlot.Axis = {
    ...axis,
    size: (plot, values) => widthOf(plot, values),
    values: (_, splits) => splits.map((value) => (value === null ? '' : formatNumber(value, 3))),
  };
  const xAxis: uPlot.Axis = { ...axis, size: 26, space: 64, grid: { show: false } };
  xAxis.values = (_, splits, __, ___, every) => [...timeTicks(splits, every)];
  if (xKind === 'number') xAxis.values = (_, splits) => splits.map((value) => formatNumber(value, 6));
  if (xKind === 'duration') xAxis.values = (_, splits) => splits.map((value) => formatDuration(value));
  return {
    width: Math.max(element.clientWidth, 80),
    height,
    ms: 1,
    legend: { show: false },
    // Room for half of the last date.
    padding: [8, xKind === 'number' ? 8 : 24, 0, 0],
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, dist: 6 },
      ...(sync === undefined ? {} : { sync: { key: sync, setSeries: false } }),
    },
    scales: {
      x: { time: xKind === 'time' },
      y: scale === 'log' ? { distr: 3, log: 10 } : { range: (_, low, high) => rangeOf(low, high, limit?.value) },
    },
    axes: [xAxis, yAxis],
    series: [{}, ...drawing.series.map((series) => lineOf(series, colour(seriesToken(series.colour))))],
    hooks: {
      setSelect: [
        (plot) =>
          plot.select.width > 0 &&
          onZoom?.({ from: plot.posToVal(plot.select.left, 'x'), to: plot.posToVal(plot.select.left + plot.select.width, 'x') }),
      ],
      draw: limit === undefined ? [] : [(plot) => drawLimit(plot, limit, { stroke: colour('failed'), ground: colour('surface-raised') })],
    },
  };
}

function lineOf(series: LineDrawing['series'][number], stroke: string): uPlot.Series {
  const there = series.y.filter((value) => typeof value === 'number').length;
  return {
    label: series.name,
    stroke,
    width: series.role === 'reference' ? 1.25 : series.faint ? 1 : 1.5,
    dash: series.faint ? [] : [...seriesDash(series.colour)],
    alpha: series.faint ? 0.4 : 1,
    spanGaps: false,
    points: { show: there <= 40 && !series.faint, size: there === 1 ? 6 : 4, stroke, fill: stroke },
  };
}

/** Room around the values, and for a limit when it is near enough not to press the curve flat. */
function rangeOf(low: number, high: number, limit: number | undefined): [number, number] {
  const near = limit !== undefined && Math.abs(limit - (low + high) / 2) < 3 * Math.max(high - low, Math.abs(high) * 0.05);
  const from = near ? Math.min(low, limit) : low;
  const to = near ? Math.max(high, limit) : high;
  // A rate that is always zero is no reason to show negative ones.
  if (from === to)
    return from === 0 ? [0, limit !== undefined && limit > 0 ? limit * 1.25 : 1] : [from - Math.abs(from) * 0.1, to + Math.abs(to) * 0.1];
  const room = (to - from) * 0.08;
  return [from >= 0 && from - room < 0 ? 0 : from - room, to + room];
}

function widthOf(plot: uPlot, values: readonly string[] | null): number {
  if (values === null) return 40;
  plot.ctx.save();
  plot.ctx.font = font;
  const widest = Math.max(...values.map((value) => plot.ctx.measureText(value ?? '').width));
  plot.ctx.restore();
  return Math.max(32, Math.ceil(widest) + 14);
}

interface LimitLook {
  readonly stroke: string;
  readonly ground: string;
}

function drawLimit(plot: uPlot, limit: { readonly value: number; readonly label: string }, { stroke, ground }: LimitLook): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(limit.value, 'y', true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.fillStyle = stroke;
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = font.replace('11px', `${11 * uPlot.pxRatio}px`);
  ctx.textAlign = 'right';
  ctx.textBaseline = y - bbox.top < 16 * uPlot.pxRatio ? 'top' : 'bottom';
  const at = [bbox.left + bbox.width - 4, y + (ctx.textBaseline === 'top' ? 3 : -3) * uPlot.pxRatio] as const;
  // A rim in the colour of the ground keeps the words readable over curves.
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * uPlot.pxRatio;
  ctx.strokeStyle = ground;
  ctx.strokeText(limit.label, ...at);
  ctx.fillText(limit.label, ...at);
  ctx.restore();
}
