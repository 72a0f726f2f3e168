import type { AssessmentWire, CriterionResultWire } from '#maturity/wire.ts';
import { formatCount, formatDuration, formatNumber, formatShare } from '../ui/format.ts';
import type { State } from '../ui/state-mark.tsx';

type CriterionState = CriterionResultWire['state'];

/** How each state of a criterion is marked and called. */
export const stateWords: Readonly<Record<CriterionState, { readonly mark: State; readonly word: string }>> = {
  pass: { mark: 'ok', word: 'met' },
  partial: { mark: 'warning', word: 'partly' },
  fail: { mark: 'failed', word: 'not met' },
  no_data: { mark: 'unknown', word: 'not met (no data)' },
  not_applicable: { mark: 'off', word: 'not applicable' },
  not_measurable: { mark: 'waiting', word: 'not yet measurable' },
};

/** What was counted, in the unit of the threshold: "5 of 5", "12", "4 min 10 s". */
export function evidenceText({ state, criterion, numerator, denominator, value }: CriterionResultWire): string {
  if (state === 'no_data') return 'no data yet';
  if (state === 'not_measurable' || state === 'not_applicable') return '–';
  if (criterion.threshold.unit === 'share') return `${formatNumber(numerator)} of ${formatNumber(denominator)}`;
  if (value === null) return 'never';
  return valueText(value, criterion.threshold.unit);
}

type Unit = CriterionResultWire['criterion']['threshold']['unit'];

const inUnit: Readonly<Record<Unit, (value: number) => string>> = {
  share: (value) => formatShare(value, value > 0 && value < 0.01 ? 2 : 0),
  minutes: (value) => formatDuration(value * 60_000),
  days: (value) => formatDuration(value * 86_400_000),
  'per-week': (value) => `${formatNumber(value, 2)} a week`,
  count: formatCount,
};

export function valueText(value: number, unit: Unit): string {
  return inUnit[unit](value);
}

/** ">= 95 %" as people write it. */
export function thresholdText(text: string): string {
  return text.replace('>=', '≥').replace('<=', '≤');
}

/** Ids of what takes two people while one works here; the page says so instead of asking for the impossible. */
export function needsTwoPeople({ criteria }: AssessmentWire): readonly string[] {
  return criteria
    .filter(({ state, explanation }) => state !== 'pass' && explanation.includes('takes two people'))
    .map(({ criterion }) => criterion.id);
}
