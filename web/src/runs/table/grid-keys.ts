import { rowAfterKey } from '../../ui/table-columns.ts';

export type GridMeaning =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'pick'; readonly extend: boolean }
  | { readonly kind: 'open' | 'toggle' | 'pick-all' | 'pick-none' | 'pin' | 'compare' | 'delete' };

interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key means while the table has the focus. `group`: the active row is a group, open or not. */
export function gridKey(press: Press, at: { current: number; count: number; group: boolean | undefined }): GridMeaning | undefined {
  const { key, shiftKey: extend } = press;
  if (press.altKey) return undefined;
  if (press.ctrlKey || press.metaKey) return key.toLowerCase() === 'a' ? { kind: 'pick-all' } : undefined;
  if (at.group !== undefined) {
    const turns = key === 'Enter' || key === ' ' || (key === 'ArrowRight' && !at.group) || (key === 'ArrowLeft' && at.group);
    if (turns) return { kind: 'toggle' };
  }
  if (key === 'Enter') return { kind: 'open' };
  if (key === ' ' || key === 'x') return { kind: 'pick', extend };
  if (key === 'Escape') return { kind: 'pick-none' };
  if (key === 'p') return { kind: 'pin' };
  if (key === 'c') return { kind: 'compare' };
  if (key === 'Delete') return { kind: 'delete' };
  // Shift turns letters into capitals; both mean the same row.
  const to = rowAfterKey(key === 'J' || key === 'K' ? key.toLowerCase() : key, at.current, at.count);
  return to === undefined ? undefined : { kind: 'move', to, extend };
}

/** The keys of the table, for the list of keys. */
export const gridKeyWords: readonly (readonly [keys: string, meaning: string])[] = [
  ['/', 'Write a filter'],
  ['Space', 'Pick the run'],
  ['Shift Space', 'Pick all runs from the last one that was picked'],
  ['Ctrl A', 'Pick all runs that fit'],
  ['Esc', 'Drop the picks'],
  ['c', 'Compare the picked runs'],
  ['p', 'Pin the run on top, or let it go'],
  ['Delete', 'Delete the picked runs'],
  ['Home End', 'First and last run'],
  ['Alt ← →', 'Move the column whose head has the focus'],
  ['Alt Shift ← →', 'Make that column narrower or wider'],
];
