import type { Analytics } from './analytics/index.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config/index.ts';
import type { Database } from './database/index.ts';
import type { EventLog } from './events/index.ts';
import type { Ids } from './ids.ts';
import type { Jobs } from './jobs/index.ts';
import type { Log } from './log.ts';
import type { ObjectStore } from './objects/index.ts';

/** What every module may use. A module asks for the part it needs: `Pick<Kernel, 'clock' | 'events'>`. */
export interface Kernel {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Absolute path of RIPEN_HOME. */
  readonly home: string;
  /** Marks child processes of this home, so that what a killed server left behind can be found and ended. */
  readonly instance: string;
  readonly settings: Settings;
  readonly events: EventLog;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly analytics: Analytics;
  readonly jobs: Jobs;
}
