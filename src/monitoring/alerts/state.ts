import { readWindow, type AlertReading } from './reading.ts';
import type { AlertRule, AlertWindow } from './rules.ts';

export type AlertStatus = 'ok' | 'pending' | 'firing' | 'resolved';

/** Where a rule stands after a window. `resolved` is `ok` with a past. */
export interface AlertState {
  readonly status: AlertStatus;
  /** Bad windows in a row; windows without data are passed over. */
  readonly bad: number;
  readonly good: number;
  /** Start of the first bad window of the present row, while pending or firing. */
  readonly since: number | undefined;
  /** End of the window that made it fire, while firing. */
  readonly firedAt: number | undefined;
}

export const initialAlertState: AlertState = { status: 'ok', bad: 0, good: 0, since: undefined, firedAt: undefined };

/** What one window did to the state of a rule. */
export type AlertChange = 'none' | 'pending' | 'dropped' | 'fired' | 'resolved';

export interface AlertStep {
  readonly window: Pick<AlertWindow, 'start' | 'end'>;
  readonly reading: AlertReading;
  readonly change: AlertChange;
  readonly state: AlertState;
  readonly explanation: string;
}

type Move = 'bad-short' | 'bad-enough' | 'good-short' | 'good-enough';

// Each row is complete, so that no pair of status and window is left to chance.
const transitions: { readonly [From in AlertStatus]: { readonly [On in Move]: readonly [AlertStatus, AlertChange] } } = {
  ok: {
    'bad-short': ['pending', 'pending'],
    'bad-enough': ['firing', 'fired'],
    'good-short': ['ok', 'none'],
    'good-enough': ['ok', 'none'],
  },
  pending: {
    'bad-short': ['pending', 'none'],
    'bad-enough': ['firing', 'fired'],
    'good-short': ['ok', 'dropped'],
    'good-enough': ['ok', 'dropped'],
  },
  firing: {
    'bad-short': ['firing', 'none'],
    'bad-enough': ['firing', 'none'],
    'good-short': ['firing', 'none'],
    'good-enough': ['resolved', 'resolved'],
  },
  resolved: {
    'bad-short': ['pending', 'pending'],
    'bad-enough': ['firing', 'fired'],
    'good-short': ['resolved', 'none'],
    'good-enough': ['resolved', 'none'],
  },
};

/** One window further. A window without data moves nothing unless the rule says it fires: silence is no proof of health. */
export function stepAlert(rule: AlertRule, before: AlertState, window: AlertWindow): AlertStep {
  const reading = readWindow(rule, window);
  const isBad = reading.state === 'bad' || (reading.state === 'no-data' && rule.noData === 'fire');
  const [state, change] = isBad || reading.state === 'good' ? move(rule, before, { isBad, window }) : [before, 'none' as const];
  return {
    window: { start: window.start, end: window.end },
    reading,
    change,
    state,
    explanation: explain({ rule, reading, change, state }),
  };
}

function move(
  rule: AlertRule,
  before: AlertState,
  { isBad, window }: { readonly isBad: boolean; readonly window: AlertWindow },
): readonly [AlertState, AlertChange] {
  const bad = isBad ? before.bad + 1 : 0;
  const good = isBad ? 0 : before.good + 1;
  const enough = isBad ? bad >= rule.consecutiveWindows : good >= rule.resolveAfter;
  const [status, change] = transitions[before.status][`${isBad ? 'bad' : 'good'}-${enough ? 'enough' : 'short'}`];
  const isOpen = status === 'pending' || status === 'firing';
  const firedAt = change === 'fired' ? window.end : before.firedAt;
  const since = isOpen ? (before.since ?? window.start) : undefined;
  return [{ status, bad, good, since, firedAt: status === 'firing' ? firedAt : undefined }, change];
}

type Told = Pick<AlertStep, 'reading' | 'change' | 'state'> & { readonly rule: AlertRule };

function explain({ rule, reading, change, state }: Told): string {
  const held = reading.state === 'no-data' && rule.noData === 'keep' ? ` The state stays ${state.status}.` : '';
  const after: { readonly [Change in AlertChange]: string } = {
    none: held,
    pending: ` Fires after ${rule.consecutiveWindows} windows in a row; this is ${state.bad}.`,
    dropped: ' No longer pending.',
    fired: rule.consecutiveWindows === 1 ? ' Fires.' : ` Fires after ${rule.consecutiveWindows} windows in a row.`,
    resolved: ` Resolved after ${rule.resolveAfter} good ${rule.resolveAfter === 1 ? 'window' : 'windows'}.`,
  };
  return `${reading.explanation}${after[change]}`;
}
