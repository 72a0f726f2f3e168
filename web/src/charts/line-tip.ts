import type uPlot from 'uplot';
import { formatExact, formatNumber } from '../ui/format.ts';
import type { LineDrawing } from './line-data.ts';
import styles from './line-chart.module.css';
import { seriesToken } from './token-colour.ts';

interface LineTipOptions {
  readonly xKind: 'time' | 'number';
  readonly xName: string;
  readonly nullMeans: string | undefined;
}

/** Exact values at the cursor, beside it. Also read out, because the cursor moves by keyboard as well. */
export function lineTip(drawing: LineDrawing, { xKind, xName, nullMeans = 'no value' }: LineTipOptions): uPlot.Plugin {
  const tip = document.createElement('div');
  tip.className = styles['tip'] ?? '';
  tip.hidden = true;
  tip.setAttribute('role', 'status');

  function fill(index: number): void {
    const x = drawing.x[index] ?? 0;
    const head = line(xKind === 'time' ? formatExact(x) : `${xName} ${formatNumber(x, 9)}`);
    const rows = drawing.series.flatMap((series) => {
      const value = series.y[index];
      if (value === undefined) return [];
      const row = line(series.name, value === null ? nullMeans : formatNumber(value, 6));
      row.style.setProperty('--mark', `var(--${seriesToken(series.colour)})`);
      return [row];
    });
    tip.replaceChildren(head, ...rows);
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
