/** Wakes those who wait for something to change. A hint: whoever wakes looks for himself. */
export interface Signal {
  notify(): void;
  /** Resolves at the next `notify`, after `milliseconds`, or when `until` fires; never rejects. */
  wait(milliseconds: number, until?: AbortSignal): Promise<void>;
}

export function createSignal(): Signal {
  const waiting = new Set<() => void>();
  return {
    notify() {
      for (const wake of waiting) wake();
    },
    wait: (milliseconds, until) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          until?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        waiting.add(wake);
        until?.addEventListener('abort', wake);
        if (until?.aborted === true) wake();
      }),
  };
}
