import type { AlertRule, AlertWindow } from './rules.ts';
import { initialAlertState, stepAlert, type AlertState, type AlertStep } from './state.ts';

/** One stretch of firing, from the window that fired it to the one that resolved it. Times are those of the traffic. */
export interface AlertEpisode {
  /** Start of the first bad window. */
  readonly since: number;
  /** End of the window that made it fire. */
  readonly firedAt: number;
  readonly resolvedAt: number | undefined;
}

/** An episode with the step that fired it. */
export interface EvaluatedEpisode extends AlertEpisode {
  readonly fired: AlertStep;
}

export interface AlertTimeline {
  readonly steps: readonly AlertStep[];
  readonly state: AlertState;
  readonly episodes: readonly EvaluatedEpisode[];
}

/** A rule over all windows in order of their start. The same windows always give the same timeline. */
export function evaluateAlert(rule: AlertRule, windows: readonly AlertWindow[]): AlertTimeline {
  const steps: AlertStep[] = [];
  const episodes: EvaluatedEpisode[] = [];
  let state = initialAlertState;
  for (const window of windows.toSorted((a, b) => a.start - b.start)) {
    const step = stepAlert(rule, state, window);
    steps.push(step);
    state = step.state;
    const open = episodes.at(-1);
    if (step.change === 'fired') {
      episodes.push({ since: state.since ?? window.start, firedAt: window.end, resolvedAt: undefined, fired: step });
    }
    if (step.change === 'resolved' && open !== undefined) episodes.splice(-1, 1, { ...open, resolvedAt: window.end });
  }
  return { steps, state, episodes };
}

/** What late or corrected labels made of the past. */
export interface AlertCorrection<Recorded extends AlertEpisode> {
  readonly fire: readonly EvaluatedEpisode[];
  /** On record with other times: resolved since, open again, or begun earlier or later. */
  readonly change: readonly { readonly recorded: Recorded; readonly evaluated: EvaluatedEpisode }[];
  /** On record, and now it never was. */
  readonly withdraw: readonly Recorded[];
}

/**
 * Compares the episodes on record with those of a new evaluation over the same windows. Episodes that share time are one, so that a label
 * that moves a beginning by a window does not alarm again.
 */
export function correctEpisodes<Recorded extends AlertEpisode>(
  recorded: readonly Recorded[],
  evaluated: readonly EvaluatedEpisode[],
): AlertCorrection<Recorded> {
  const free = new Set(evaluated);
  const paired = recorded.map((before) => {
    const candidates = [...free].filter((after) => overlap(before, after));
    const after = candidates.find(({ firedAt }) => firedAt === before.firedAt) ?? candidates[0];
    if (after !== undefined) free.delete(after);
    return { before, after };
  });
  return {
    fire: [...free],
    change: paired.flatMap(({ before, after }) =>
      after === undefined || sameTimes(before, after) ? [] : [{ recorded: before, evaluated: after }],
    ),
    withdraw: paired.flatMap(({ before, after }) => (after === undefined ? [before] : [])),
  };
}

function overlap(a: AlertEpisode, b: AlertEpisode): boolean {
  return a.since < (b.resolvedAt ?? Infinity) && b.since < (a.resolvedAt ?? Infinity);
}

function sameTimes(a: AlertEpisode, b: AlertEpisode): boolean {
  return a.since === b.since && a.firedAt === b.firedAt && a.resolvedAt === b.resolvedAt;
}
