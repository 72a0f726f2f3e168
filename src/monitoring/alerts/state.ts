import { readWindow, type AlertReading, type AlertRule, type AlertWindow, type Silence } from './alert-rules.ts';

export type AlertStatus = 'ok' | 'pending' | 'firing' | 'resolved';

/** Where a rule stands after a window. `resolved` is `ok` with a past that was told to somebody. */
export interface AlertState {
  readonly status: AlertStatus;
  /** Bad windows in a row; windows without data are passed over. */
  readonly bad: number;
  readonly good: number;
  /** Start of the first bad window of the present row, while pending or firing. */
  readonly since: number | undefined;
  /** End of the window that made it fire, while firing. */
  readonly firedAt: number | undefined;
  /** Whether somebody was told that it fires; a silence holds this back. */
  readonly told: boolean;
}

export const initialAlertState: AlertState = { status: 'ok', bad: 0, good: 0, since: undefined, firedAt: undefined, told: false };

/** What one window did to the state of a rule. */
export type AlertChange = 'none' | 'pending' | 'dropped' | 'fired' | 'resolved';

export interface AlertStep {
  readonly window: Pick<AlertWindow, 'start' | 'end'>;
  readonly reading: AlertReading;
  readonly change: AlertChange;
  readonly state: AlertState;
  /** What to tell now. A silenced alert is told when its silence ends and it still fires; what was never told is not resolved aloud. */
  readonly tell: 'fired' | 'resolved' | undefined;
  readonly silencedBy: Silence | undefined;
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

export interface AlertInput {
  readonly rule: AlertRule;
  /** Value of the metric in the reference, for relative limits. */
  readonly reference?: number | undefined;
  readonly silences?: readonly Silence[] | undefined;
}

/** One window further. A window without data moves nothing unless the rule says it fires: silence is no proof of health. */
export function stepAlert(input: AlertInput, before: AlertState, window: AlertWindow): AlertStep {
  const { rule } = input;
  const reading = readWindow(rule, window, input.reference);
  const silencedBy = input.silences?.find((silence) => silence.from <= window.end && window.end < silence.until);
  const isBad = reading.state === 'bad' || (reading.state === 'no-data' && rule.noData === 'fire');
  const [moved, change] = isBad || reading.state === 'good' ? move(rule, before, { isBad, window }) : [before, 'none' as const];
  const tell = whatToTell(moved, { change, isSilenced: silencedBy !== undefined });
  const told = moved.status === 'firing' && (moved.told || tell === 'fired');
  return {
    window: { start: window.start, end: window.end },
    reading,
    change,
    state: { ...moved, told },
    tell,
    silencedBy,
    explanation: explain({ rule, reading, change, state: moved, silencedBy }),
  };
}

function move(
  rule: AlertRule,
  before: AlertState,
  { isBad, window }: { readonly isBad: boolean; readonly window: AlertWindow },
): readonly [AlertState, AlertChange] {
  const bad = isBad ? before.bad + 1 : 0;
  const good = isBad ? 0 : before.good + 1;
  const enough = isBad ? bad >= rule.for : good >= rule.resolveAfter;
  const [status, change] = transitions[before.status][`${isBad ? 'bad' : 'good'}-${enough ? 'enough' : 'short'}`];
  const isOpen = status === 'pending' || status === 'firing';
  const firedAt = change === 'fired' ? window.end : before.firedAt;
  return [
    {
      status,
      bad,
      good,
      since: isOpen ? (before.since ?? window.start) : undefined,
      firedAt: status === 'firing' ? firedAt : undefined,
      told: before.told,
    },
    change,
  ];
}

function whatToTell(state: AlertState, on: { readonly change: AlertChange; readonly isSilenced: boolean }): AlertStep['tell'] {
  if (state.status === 'firing' && !state.told && !on.isSilenced) return 'fired';
  return on.change === 'resolved' && state.told ? 'resolved' : undefined;
}

interface Told {
  readonly rule: AlertRule;
  readonly reading: AlertReading;
  readonly change: AlertChange;
  readonly state: AlertState;
  readonly silencedBy: Silence | undefined;
}

function explain({ rule, reading, change, state, silencedBy }: Told): string {
  const held = reading.state === 'no-data' && rule.noData === 'ok' ? ` The state stays ${state.status}.` : '';
  const after: { readonly [Change in AlertChange]: string } = {
    none: held,
    pending: ` Fires after ${rule.for} windows in a row; this is ${state.bad}.`,
    dropped: ' No longer pending.',
    fired: rule.for === 1 ? ' Fires.' : ` Fires after ${rule.for} windows in a row.`,
    resolved: ` Resolved after ${rule.resolveAfter} good ${rule.resolveAfter === 1 ? 'window' : 'windows'}.`,
  };
  return `${reading.explanation}${after[change]}${silencedBy === undefined ? '' : ` Silenced: ${silencedBy.reason}`}`;
}
