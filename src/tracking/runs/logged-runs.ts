import type { Database } from '#kernel/database/index.ts';
import type { LoggedRun } from '../log/log-entry.ts';
import { findRun } from './run-store.ts';
import { required, type RunAddress } from './runs.ts';

/** The runs that are being logged to, so that not every call looks up what never changes. Whether a run is deleted is asked as it is written. */
export interface LoggedRuns {
  known(address: RunAddress): LoggedRun | undefined;
  /** @throws `tracking.run-not-found` */
  find(address: RunAddress): Promise<LoggedRun>;
}

const manyRuns = 10_000;
const mostSeries = 200_000;

export function createLoggedRuns(database: Database, { mostRuns = manyRuns }: { readonly mostRuns?: number } = {}): LoggedRuns {
  const runs = new Map<string, LoggedRun>();

  /** Forgets the oldest half of those for which nothing waits: a series must not be known twice while it is written. */
  const forget = (): void => {
    const idle = [...runs.values()].filter(({ waiting }) => waiting === 0);
    for (const run of idle.slice(0, Math.ceil(idle.length / 2))) runs.delete(run.id);
  };

  const isCrowded = (): boolean => runs.size >= mostRuns || runs.values().reduce((sum, run) => sum + run.series.size, 0) > mostSeries;

  const known: LoggedRuns['known'] = ({ run: id, project }) => {
    const run = runs.get(id);
    return run === undefined || (project !== undefined && run.project !== project) ? undefined : run;
  };

  return {
    known,
    async find(address) {
      const row = required(await findRun(database, address.run, address.project), address);
      const present = runs.get(row.id);
      if (present?.number === row.number) return present;
      if (isCrowded()) forget();
      const run: LoggedRun = { id: row.id, number: row.number, project: row.project, series: new Map(), waiting: 0 };
      runs.set(run.id, run);
      return run;
    },
  };
}
