import type { Clock } from './clock.ts';
import type { Database } from './database/index.ts';
import type { EventLog } from './events/index.ts';
import type { Ids } from './ids.ts';
import type { Log } from './log.ts';

/** What every module may use. A module asks for the part it needs: `Pick<Kernel, 'clock' | 'events'>`. */
export interface Kernel {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Absolute path of RIPEN_HOME. */
  readonly home: string;
  readonly events: EventLog;
  readonly database: Database;
}
