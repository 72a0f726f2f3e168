/** What data could not answer, and why, in one sentence a person can act on. */
export interface NotMeasurable {
  readonly state: 'not-measurable';
  readonly reason: string;
}

/** A statistic, or the reason there is none. Never NaN: a number that means nothing must not be compared with a threshold. */
export type Measured<Value extends object> = ({ readonly state: 'measured' } & Readonly<Value>) | NotMeasurable;

export function notMeasurable(reason: string): NotMeasurable {
  return { state: 'not-measurable', reason };
}
