import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../client.ts';
import type { Progress } from '../progress.ts';
import type { World } from './world.ts';

/** What the tour has done that cannot be read back from the server. */
export interface TourMemory {
  /** The last day whose departures were all predicted. */
  readonly replayedUntil?: string;
  /** The last day whose outcomes were all told. */
  readonly labelledUntil?: string;
  readonly finished?: boolean;
}

/** What every chapter of the tour works with. */
export interface TourSession {
  readonly client: Client;
  readonly progress: Progress;
  readonly world: World;
  /** Fires when the person has seen enough; work in hand throws its reason. */
  readonly signal: AbortSignal;
  readonly memory: { read(): TourMemory; update(change: TourMemory): void };
}

export const project = 'flights';
export const deployment = 'flight-delay';
export const model = 'flight-delay';

/** Path of the API inside the tour's project. */
export const inProject = (path: string): string => `/api/v1/projects/${project}${path}`;

/** Kept in a file that is replaced as a whole, so that a kill leaves the old one or the new one. */
export function openMemory(home: string): TourSession['memory'] {
  const file = join(home, 'tour.json');
  const read = (): TourMemory => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TourMemory) : {});
  return {
    read,
    update(change) {
      mkdirSync(home, { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify({ ...read(), ...change }));
      renameSync(`${file}.new`, file);
    },
  };
}

/** Looks again every `everyMs` until `look` finds something. @throws the signal's reason */
export async function until<Found>(signal: AbortSignal, look: () => Promise<Found | undefined>, everyMs = 200): Promise<Found> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
