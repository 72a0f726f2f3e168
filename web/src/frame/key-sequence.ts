/** What a key press means while no field has the focus. */
export type KeyMeaning =
  | { readonly kind: 'room'; readonly key: string }
  | { readonly kind: 'palette' }
  | { readonly kind: 'help' }
  | { readonly kind: 'prefix' };

export interface KeyPress {
  readonly key: string;
  readonly command: boolean;
  readonly inField: boolean;
}

/** Ctrl/Cmd-K and `/` open the palette, `?` the list of keys, `g` and a letter a room. `afterPrefix`: the last key was `g`, not long ago. */
export function meaningOf(press: KeyPress, afterPrefix: boolean): KeyMeaning | undefined {
  if (press.command) return press.key.toLowerCase() === 'k' ? { kind: 'palette' } : undefined;
  if (press.inField) return undefined;
  if (afterPrefix && /^[a-z]$/.test(press.key)) return { kind: 'room', key: press.key };
  if (press.key === 'g') return { kind: 'prefix' };
  if (press.key === '/') return { kind: 'palette' };
  if (press.key === '?') return { kind: 'help' };
  return undefined;
}
