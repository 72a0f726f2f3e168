import { numberIn, type Search, textIn } from '../frame/search-values.ts';

export interface EventsSearch {
  /** The event whose details are open. */
  readonly number?: number | undefined;
  /** Beginning of the type: `run.` or `dataset.snapshot`. */
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly find?: string | undefined;
}

export function readEventsSearch(search: Search): EventsSearch {
  return {
    number: numberIn(search, 'number'),
    type: textIn(search, 'type'),
    actor: textIn(search, 'actor'),
    subject: textIn(search, 'subject'),
    find: textIn(search, 'find'),
  };
}
