/** A caller's transaction commits shortly after it woke us; look once more then. */
const secondLookMs = 30;

/** Calls `tick` over and over, never twice at once: when woken, and every `pollMs` otherwise. */
export class Ticker {
  readonly #pollMs: number;
  readonly #tick: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #stopped = true;
  #woken = false;
  #interrupt: () => void = () => {};
  #running: Promise<void> = Promise.resolve();

  constructor(pollMs: number, tick: () => Promise<void>, onError: (error: unknown) => void) {
    this.#pollMs = pollMs;
    this.#tick = tick;
    this.#onError = onError;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#running = this.#loop();
  }

  wake(): void {
    this.#woken = true;
    this.#interrupt();
  }

  /** Resolves when the tick in progress has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#interrupt();
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      const woken = this.#woken;
      this.#woken = false;
      try {
        await this.#tick();
      } catch (error) {
        this.#onError(error);
      }
      if (!this.#stopped && !this.#woken) await this.#pause(woken ? Math.min(secondLookMs, this.#pollMs) : this.#pollMs);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
