import type { MonitorDeclaration } from '../declaration/monitor-declaration.ts';
import type { Announced, MonitorWindow, WindowState } from '../model.ts';
import { qualityMetrics } from '../metric-names.ts';

/** How far time is. Predictions may be about another time than that of the server: a replay of an old year, a clock that is wrong. */
export interface Moment {
  /** Server time. */
  readonly now: number;
  /** Time of the latest prediction that came in. */
  readonly watermark: number;
}

type Rules = Pick<MonitorDeclaration, 'window' | 'allowedLateness' | 'labelDelay' | 'labelCoverage'>;

// A replay that pauses this long within a window is taken to be at its end.
const quietMs = 15_000;

/**
 * A window is over when later predictions came in, or when its time has passed on the server's clock and nothing comes any more. It is
 * complete when its labels came or the time for them has passed on either clock. What is complete stays so: what comes later corrects it.
 */
export function windowState(window: MonitorWindow, { now, watermark }: Moment, rules: Rules): WindowState {
  if (window.state === 'complete') return 'complete';
  const quiet = now - window.receivedAt;
  const closedAt = window.end + rules.allowedLateness;
  const isClosed = watermark >= closedAt || (now >= closedAt && quiet >= quietMs);
  if (!isClosed) return 'open';
  const hasLabels = window.labelled >= rules.labelCoverage * window.predictions;
  const labelsBy = window.end + rules.labelDelay;
  const isLate = watermark >= labelsBy || (now >= labelsBy && quiet >= Math.max(quietMs, rules.labelDelay));
  return hasLabels || isLate ? 'complete' : 'closed';
}

/** When time alone will move a window on; undefined when it is complete. */
export function nextLook(window: MonitorWindow, rules: Rules): number | undefined {
  if (window.state === 'complete') return undefined;
  if (window.state === 'open') return Math.max(window.end + rules.allowedLateness, window.receivedAt + quietMs);
  return Math.max(window.end + rules.labelDelay, window.receivedAt + Math.max(quietMs, rules.labelDelay));
}

// A longer silence is a pause of the service or a jump of a clock, not a row of windows without traffic.
const longestGap = 400;

/**
 * Ends of the stretches of windows that follow each other. A single request about today among the replay of an old year must not end the
 * windows of that year, so each stretch has its own watermark.
 */
export function stretchEnds(windows: readonly MonitorWindow[], { window }: Pick<Rules, 'window'>): readonly number[] {
  return windows.flatMap(({ end }, index) => {
    const next = windows[index + 1];
    return next === undefined || (next.start - end) / window > longestGap ? [end] : [];
  });
}

/** Starts of windows without any prediction between those that are there, and, of live traffic, up to now. */
export function emptyStarts(
  windows: readonly MonitorWindow[],
  { now, watermark }: Moment,
  { window }: Pick<Rules, 'window'>,
): readonly number[] {
  const starts = windows.map(({ start }) => start);
  const last = starts.at(-1);
  if (last === undefined) return [];
  // Traffic is live when its latest prediction came in at about the time that it is about.
  const newest = windows.findLast(({ predictions }) => predictions > 0);
  const isLive = newest !== undefined && Math.abs(newest.receivedAt - Math.min(watermark, newest.end)) <= Math.max(window, 3_600_000);
  const until = isLive ? Math.floor(now / window) * window : last;
  const bounds = [...starts, ...(until > last ? [until] : [])];
  return bounds.flatMap((start, index) => {
    const from = bounds[index - 1];
    if (from === undefined) return [];
    const gap = (start - from) / window - 1;
    return gap > longestGap ? [] : Array.from({ length: gap }, (_, step) => from + (step + 1) * window);
  });
}

/** Whether an evaluation says something else than what was told. */
export function isNews(window: MonitorWindow, told: Announced | undefined): boolean {
  if (told === undefined) return true;
  const few = Math.max(1, 0.01 * window.predictions);
  if (Math.abs(window.predictions - told.predictions) >= few || Math.abs(window.labelled - told.labelled) >= few) return true;
  return qualityMetrics.some((name) => {
    const [before, after] = [told.metrics[name], window.metrics[name]];
    return before === undefined || after === undefined ? before !== after : Math.abs(after - before) > 0.01 * Math.max(1, Math.abs(before));
  });
}
