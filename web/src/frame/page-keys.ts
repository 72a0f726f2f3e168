import { useEffect, useSyncExternalStore } from 'react';

/** Keys that mean something on one page only. */
export interface PageKeys {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, meaning: string])[];
}

const listeners = new Set<() => void>();
let current: PageKeys | undefined;

function set(next: PageKeys | undefined): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Lists the keys of the page in the list of keys while the page is there. `keys` must be stable. */
export function usePageKeys(title: string, keys: PageKeys['keys']): void {
  useEffect(() => {
    set({ title, keys });
    return () => set(undefined);
  }, [title, keys]);
}

export function useKeysOfPage(): PageKeys | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
