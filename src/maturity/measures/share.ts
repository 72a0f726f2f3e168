/** How a share is measured: so many of so many, with the events on both sides. */
import type { Facts } from '../facts.ts';
import { sum, type Tally } from '../facts/tally.ts';
import type { Condition, Measure, Measured, Measurement } from '../model.ts';

export interface Words {
  /** What is counted: "run", "production service". */
  readonly one: string;
  readonly many: string;
  /** What it is asked for, after the count: "points to a clean commit", "point to a clean commit". */
  readonly has: string;
  readonly have: string;
  /** Where nothing was seen: "no run has started". */
  readonly none: string;
}

/** One thing that meets a criterion or does not. */
export interface Item {
  readonly name: string;
  readonly met: boolean;
  readonly events: readonly number[];
}

export const noData = (explanation: string): Measurement => ({ kind: 'no-data', explanation });
export const notApplicable = (explanation: string): Measurement => ({ kind: 'not-applicable', explanation });
export const notMeasurable = (explanation: string): Measurement => ({ kind: 'not-measurable', explanation });

/** `measured({ value: 3, numerator: 3, denominator: 3, explanation: '…' })` with the rest empty. */
export function measured(input: Partial<Measured> & Pick<Measured, 'value' | 'numerator' | 'denominator' | 'explanation'>): Measured {
  return { kind: 'measured', missing: [], evidence: [], counterEvidence: [], conditions: [], ...input };
}

/** The share of counted events in the criterion's window. */
export function shareOfEvents(select: (facts: Facts) => Tally, words: Words): Measure {
  return (facts, view) => {
    const total = sum(select(facts), view.since);
    if (total.all === 0) return noData(words.none);
    return measured({
      ...ratio(total.met, total.all, words),
      evidence: total.metEvents,
      counterEvidence: total.missedEvents,
    });
  };
}

/** The share of things that meet a criterion; the names of the others are missing. */
export function shareOf(items: readonly Item[], words: Words, conditions: readonly Condition[] = []): Measurement {
  if (items.length === 0) return noData(words.none);
  const met = items.filter((item) => item.met);
  const missed = items.filter((item) => !item.met);
  return measured({
    ...ratio(met.length, items.length, words),
    missing: missed.map((item) => item.name),
    evidence: met.flatMap((item) => item.events),
    counterEvidence: missed.flatMap((item) => item.events),
    conditions,
  });
}

/** A condition that is met or not, with nothing in between. */
export function condition(met: boolean, text: string): Condition {
  return { met, score: met ? 1 : 0, text };
}

/** The middle of sorted numbers; undefined without any. Of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function ratio(met: number, all: number, words: Words) {
  const explanation = `${met} of ${counted(all, words.one, words.many)} ${met === 1 || all === 1 ? words.has : words.have}`;
  return { value: met / all, numerator: met, denominator: all, explanation };
}
