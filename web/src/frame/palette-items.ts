import { useEffect, useSyncExternalStore } from 'react';

/** One line of the command palette. */
export interface PaletteItem {
  readonly id: string;
  readonly group: 'Actions' | 'Go to' | 'Objects' | 'Projects';
  readonly label: string;
  /** More words by which it is found. */
  readonly words?: string;
  /** The same from the command line; shown beside it. */
  readonly command?: string;
  readonly keys?: string;
  readonly onSelect: () => void;
}

const listeners = new Set<() => void>();
const byOwner = new Map<symbol, readonly PaletteItem[]>();
let all: readonly PaletteItem[] = [];

function change(owner: symbol, items: readonly PaletteItem[] | undefined): void {
  if (items === undefined) byOwner.delete(owner);
  else byOwner.set(owner, items);
  all = [...byOwner.values()].flat();
  for (const listener of listeners) listener();
}

/** Offers items in the palette while the calling component is on screen. `items` must be stable (memo). */
export function usePaletteItems(items: readonly PaletteItem[]): void {
  useEffect(() => {
    const owner = Symbol('palette');
    change(owner, items);
    return () => change(owner, undefined);
  }, [items]);
}

export function useAllPaletteItems(): readonly PaletteItem[] {
  return useSyncExternalStore(subscribe, () => all);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
