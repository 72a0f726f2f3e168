/** The newest facts of each project, folded a little further at each question and stored now and then. */
import type { EventLog } from '#kernel/events/index.ts';
import { emptyFacts, type Facts } from './facts.ts';
import { foldLog } from './fold-log.ts';
import { readFacts, writeFacts } from './store.ts';

/** Events between two stores of a project's facts: what a restart has to fold again at most, per project. */
const storeEvery = 500;

export interface KeptFacts {
  /** Runs `use` over facts that hold every event of the log up to now. The facts change later: take from them, do not keep them. */
  withNewest<Result>(project: string, use: (facts: Facts) => Result): Promise<Result>;
  /** Number of the event up to which the project's facts are stored, where they were asked for since the start. */
  storedUpTo(project: string): number;
}

export function createKeptFacts(events: EventLog): KeptFacts {
  const kept = new Map<string, { facts: Facts; stored: number }>();
  const turns = new Map<string, Promise<unknown>>();

  async function catchUp(project: string): Promise<Facts> {
    const known = kept.get(project) ?? (await load(project));
    kept.set(project, known);
    await foldLog(events, known.facts, (await events.head()).size);
    if (known.facts.upTo - known.stored >= storeEvery) {
      await events.database.transaction((tx) => writeFacts(tx, known.facts));
      known.stored = known.facts.upTo;
    }
    return known.facts;
  }

  async function load(project: string): Promise<{ facts: Facts; stored: number }> {
    const facts = (await readFacts(events.database, project)) ?? emptyFacts(project);
    return { facts, stored: facts.upTo };
  }

  return {
    // One fold at a time for each project: facts are changed in place.
    withNewest(project, use) {
      const before = turns.get(project) ?? Promise.resolve();
      const turn = before.then(
        () => catchUp(project).then(use),
        () => catchUp(project).then(use),
      );
      // A fold that broke off half-way must not be continued from memory.
      turns.set(
        project,
        turn.catch(() => kept.delete(project)),
      );
      return turn;
    },
    storedUpTo: (project) => kept.get(project)?.stored ?? 0,
  };
}
