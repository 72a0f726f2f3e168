import type { EventWire } from '#governance/wire.ts';

const partsShown = 4;
// Said elsewhere in the row, or only for machines.
const leftOut = new Set(['project', 'id', 'digest', 'producer', 'source', 'schema', 'evidenceRoot', 'catalogueVersion', 'scores']);

/** The object and the first plain facts of an event in one line: "airports/snapshots/2 · rows 3,376 · mode replace". */
export function summaryOf({ subject, data }: Pick<EventWire, 'subject' | 'data'>): string {
  const object = subject.split('/').slice(2).map(shorten).join('/');
  const facts = Object.entries(data).flatMap(([name, value]) => {
    if (leftOut.has(name) || /digest|hash|root$/i.test(name)) return [];
    if (typeof value === 'string') return value.length === 0 || value.length > 60 || subject.includes(value) ? [] : [`${name} ${value}`];
    if (typeof value === 'number')
      return [`${name} ${/At$|time/i.test(name) ? new Date(value).toISOString() : value.toLocaleString('en')}`];
    return typeof value === 'boolean' ? [`${name} ${value ? 'yes' : 'no'}`] : [];
  });
  return [...(object === '' ? [] : [object]), ...facts.slice(0, partsShown)].join(' · ');
}

/** Long ids are told apart by their ends. */
function shorten(word: string): string {
  return /^[0-9a-f]{20,}$/.test(word) ? `…${word.slice(-8)}` : word;
}
