import { choiceIn, numberIn, type Search, textIn } from '../frame/search-values.ts';

export const stageSlugs = ['initial', 'repeatable', 'scalable', 'reliable'] as const;
export type StageSlug = (typeof stageSlugs)[number];

export const statusChoices = ['pass', 'partial', 'fail', 'no_data', 'not_applicable', 'open'] as const;
export type StatusChoice = (typeof statusChoices)[number];

/** `at`: a date (2026-11-14) or the number of an event; without it the ladder is of now. */
export interface LadderSearch {
  readonly at?: string | number | undefined;
  readonly stage?: StageSlug | undefined;
  /** `open`: whatever is not met. */
  readonly status?: StatusChoice | undefined;
  readonly find?: string | undefined;
  /** The criterion whose details are open. */
  readonly criterion?: string | undefined;
}

export function readLadderSearch(search: Search): LadderSearch {
  return {
    // A number stays one, so that the address needs no quotes around it.
    at: numberIn(search, 'at') ?? textIn(search, 'at'),
    stage: choiceIn(search, 'stage', stageSlugs),
    status: choiceIn(search, 'status', statusChoices),
    find: textIn(search, 'find'),
    criterion: textIn(search, 'criterion'),
  };
}
