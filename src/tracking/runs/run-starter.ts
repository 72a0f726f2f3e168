import type { ChangeContext } from '#kernel/events/index.ts';
import type { Run } from '../model.ts';
import { runOf } from './run-store.ts';
import { assembleOne } from './runs.ts';
import type { Workshop } from '../service.ts';
import { checkStart, type StartRun } from './start-run.ts';
import { type Outcome, writeStarts } from './write-starts.ts';

/** Starts a run; emits `run.started`. @throws `tracking.experiment-deleted`, `tracking.name-invalid`, `tracking.value-*` */
export type RunStarter = (context: ChangeContext, input: StartRun) => Promise<Run>;

interface Waiting {
  readonly input: StartRun;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** So many runs are started in one transaction at most. */
const mostAtOnce = 100;

/**
 * Starts that come while another one of the same caller is being written share the next transaction: a sweep that starts hundreds
 * of runs waits for the disk a few times. Each has its own event and its own answer; one that is refused does not touch the others.
 */
export function createRunStarter(workshop: Workshop): RunStarter {
  const queues = new Map<string, Waiting[]>();

  async function drain(key: string, context: ChangeContext & { project: string }): Promise<void> {
    for (let queue = queues.get(key) ?? []; queue.length > 0;) {
      const starts = queue.splice(0, mostAtOnce);
      await startAll(workshop, context, starts).catch(async (error: unknown) => {
        // What spoils a transaction may come from one of them: each gets a transaction of its own.
        if (starts.length === 1) return starts[0]?.reject(error);
        for (const start of starts) await startAll(workshop, context, [start]).catch(start.reject);
      });
    }
    queues.delete(key);
  }

  return async (given, input) => {
    checkStart(input);
    const context = { ...given, project: input.project };
    const key = JSON.stringify(context);
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      const start = { input, resolve, reject };
      const queue = queues.get(key);
      queue?.push(start);
      if (queue !== undefined) return;
      queues.set(key, [start]);
      // After the calls that have arrived meanwhile: on SQLite a transaction leaves no moment to hear of them.
      setImmediate(() => void drain(key, context));
    });
    if ('refused' in outcome) throw outcome.refused;
    const { row, isNew } = outcome;
    if (!isNew || (input.inputs ?? []).length > 0) return assembleOne(workshop, row);
    // What was just written need not be read again.
    return runOf(row, { metrics: [], parameters: {}, tags: { ...input.tags }, inputs: [], inputModels: [], outputModels: [] });
  };
}

/** Starts runs of one project. */
async function startAll(workshop: Workshop, context: ChangeContext & { project: string }, waiting: readonly Waiting[]): Promise<void> {
  await workshop.projects.project(context.project);
  const tags = await workshop.names.intern(
    context.project,
    'tag',
    waiting.flatMap(({ input }) => Object.keys(input.tags ?? {})),
  );
  const starts = waiting.map(({ input }) => ({ input, tags }));
  const outcomes = await workshop.events.change(context, (change) => writeStarts(change, { workshop, context, starts }));
  for (const [index, start] of waiting.entries()) {
    const outcome = outcomes[index];
    if (outcome !== undefined) start.resolve(outcome);
  }
}
