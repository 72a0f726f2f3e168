import type { AlertWindow } from './alert-rules.ts';
import { initialAlertState, stepAlert, type AlertInput, type AlertState, type AlertStep } from './alert-state.ts';

/** One stretch of firing, from the window that fired it to the one that resolved it. `firedAt` tells episodes of a rule apart. */
export interface AlertEpisode {
  readonly since: number;
  readonly firedAt: number;
  readonly resolvedAt: number | undefined;
}

export interface AlertTimeline {
  readonly steps: readonly AlertStep[];
  readonly state: AlertState;
  readonly episodes: readonly AlertEpisode[];
}

/** A rule over all windows in order of their start, from any state. The same windows always give the same timeline. */
export function evaluateAlert(input: AlertInput, windows: readonly AlertWindow[], from: AlertState = initialAlertState): AlertTimeline {
  const steps: AlertStep[] = [];
  const episodes: AlertEpisode[] = [];
  let state = from;
  if (from.firedAt !== undefined) episodes.push({ since: from.since ?? from.firedAt, firedAt: from.firedAt, resolvedAt: undefined });
  for (const window of windows.toSorted((a, b) => a.start - b.start)) {
    const step = stepAlert(input, state, window);
    steps.push(step);
    state = step.state;
    const open = episodes.at(-1);
    if (step.change === 'fired') episodes.push({ since: state.since ?? window.start, firedAt: window.end, resolvedAt: undefined });
    if (step.change === 'resolved' && open !== undefined) episodes.splice(-1, 1, { ...open, resolvedAt: window.end });
  }
  return { steps, state, episodes };
}

/** What late or corrected labels made of the past: episodes to open, to close, to open again, and to take back. */
export interface AlertCorrection {
  readonly fire: readonly AlertEpisode[];
  readonly resolve: readonly AlertEpisode[];
  readonly reopen: readonly AlertEpisode[];
  readonly withdraw: readonly AlertEpisode[];
}

/** Compares the episodes on record with those of a new evaluation over the same stretch of windows. */
export function correctEpisodes(recorded: readonly AlertEpisode[], evaluated: readonly AlertEpisode[]): AlertCorrection {
  const before = new Map(recorded.map((episode) => [episode.firedAt, episode]));
  const after = new Set(evaluated.map((episode) => episode.firedAt));
  const known = evaluated.filter((episode) => before.has(episode.firedAt));
  return {
    fire: evaluated.filter((episode) => !before.has(episode.firedAt)),
    resolve: known.filter((episode) => episode.resolvedAt !== undefined && before.get(episode.firedAt)?.resolvedAt !== episode.resolvedAt),
    reopen: known.filter((episode) => episode.resolvedAt === undefined && before.get(episode.firedAt)?.resolvedAt !== undefined),
    withdraw: recorded.filter((episode) => !after.has(episode.firedAt)),
  };
}
