import type uPlot from 'uplot';
import { formatDuration, formatExact, formatNumber } from '../ui/format.ts';
import type { LineDrawing } from './line-data.ts';
import styles from './line-chart.module.css';
import { seriesToken } from './token-colour.ts';

interface LineTipOptions {
  readonly xKind: 'time' | 'number' | 'duration';
  readonly xName: string;
  readonly nullMeans: string | undefined;
}

/** Exact values at the cursor, beside it. Also read out, because the cursor moves by keyboard as well. */
export function lineTip(now: () => LineDrawing, { xKind, xName, nullMeans = 'no value' }: LineTipOptions): uPlot.Plugin {
  const tip = document.createElement('div');
  tip.className = styles['tip'] ?? '';
  tip.hidden = true;
  tip.setAttribute('role', 'status');

  function fill(index: number): void {
    const drawing = now();
    const x = drawing.x[index] ?? 0;
    const head = line(
      xKind === 'time' ? formatExact(x) : xKind === 'duration' ? `after ${formatDuration(x)}` : `${xName} ${formatNumber(x, 9)}`,
    );
    const lines = drawing.series.filter((series) => !series.faint);
    const rows = lines.flatMap((series) => {
      const value = lines.length > 1 && xKind !== 'time' ? nearest(drawing.x, series.y, index) : series.y[index];
      if (value === undefined) return [];
      const row = line(series.name, value === null ? nullMeans : formatNumber(value, 6));
      row.style.setProperty('--mark', `var(--${seriesToken(series.colour)})`);
      return [row];
    });
    const more = rows.length > mostRows ? [line(`${rows.length - mostRows} more`)] : [];
    tip.replaceChildren(head, ...rows.slice(0, mostRows), ...more);
  }

  return {
    hooks: {
      init: (plot) => {
        plot.over.append(tip);
      },
      setCursor: (plot) => {
        const { idx, left = -1 } = plot.cursor;
        tip.hidden = idx === null || idx === undefined || left < 0;
        if (idx === null || idx === undefined || left < 0) return;
        fill(idx);
        const width = plot.over.clientWidth;
        const beside = left > width / 2 ? left - tip.offsetWidth - 12 : left + 12;
        tip.style.transform = `translate(${Math.max(-40, Math.min(beside, width - tip.offsetWidth))}px, 4px)`;
      },
    },
  };
}

const mostRows = 16;
/** Curves seldom have a point at the same step: each shows its last one before it, if that is not far. */
const reach = 40;

function nearest(x: readonly number[], y: LineDrawing['series'][number]['y'], index: number): number | null | undefined {
  for (let at = index; at >= Math.max(0, index - reach) && at < x.length; at--) if (y[at] !== undefined) return y[at];
  return undefined;
}

function line(name: string, value?: string): HTMLElement {
  const row = document.createElement('div');
  const label = document.createElement('span');
  label.textContent = name;
  row.append(label);
  if (value !== undefined) {
    row.className = styles['value'] ?? '';
    const figure = document.createElement('b');
    figure.textContent = value;
    row.append(figure);
  }
  return row;
}
