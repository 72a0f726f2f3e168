import { Select } from './select.tsx';

export const timeRanges = ['1h', '6h', '24h', '7d', '30d', 'all'] as const;
export type TimeRangeName = (typeof timeRanges)[number];

const words: Readonly<Record<TimeRangeName, string>> = {
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  all: 'All time',
};
const hour = 3_600_000;
const lengths: Readonly<Record<TimeRangeName, number>> = {
  '1h': hour,
  '6h': 6 * hour,
  '24h': 24 * hour,
  '7d': 168 * hour,
  '30d': 720 * hour,
  all: Number.POSITIVE_INFINITY,
};

/** First moment of a range in epoch ms; undefined for all time. */
export function startOf(range: TimeRangeName, now: number): number | undefined {
  return range === 'all' ? undefined : now - lengths[range];
}

/** The one control that sets the time of every chart on a page. The caller keeps it in the address. */
export function TimeRange({ value, onChange }: { readonly value: TimeRangeName; readonly onChange: (value: TimeRangeName) => void }) {
  const choices = timeRanges.map((range) => ({ value: range, label: words[range] }));
  return <Select label="Time range" labelHidden choices={choices} value={value} onChange={onChange} />;
}
