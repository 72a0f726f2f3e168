import type { BodyOf, Caller, QueryOf, ResultOf } from './call.ts';
import type { ParameterValue } from './log-entry.ts';
import { type RunRecord, runRecord } from './numbers.ts';
import { type Items, pagesAs } from './pages.ts';
import { createRunHandle, type LoggingOptions, type RunHandle } from './run-handle.ts';

type StartBody = BodyOf<'tracking.start-run'>;

export interface StartRun extends Partial<StartBody> {
  /** By name, created when there is none; default "Default". */
  readonly experiment?: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

export type RunSearch = Omit<QueryOf<'tracking.list-runs'>, 'after' | 'limit'>;

export interface Runs {
  start(run?: StartRun): Promise<RunHandle>;
  /** Runs `work` inside a run, which ends as finished, or as failed when it throws. */
  track<Result>(run: StartRun, work: (run: RunHandle) => Promise<Result> | Result): Promise<Result>;
  /** Goes on with a run that was started elsewhere. */
  open(id: string): RunHandle;
  get(id: string): Promise<RunRecord>;
  /** Runs that fit: `filter: 'metrics.loss < 0.1'`, `order: 'metrics.loss asc'`; the newest first unless said. */
  search(search?: RunSearch): Items<RunRecord>;
  count(search?: QueryOf<'tracking.count-runs'>): Promise<number>;
  compare(ids: readonly string[]): Promise<ResultOf<'tracking.compare-runs'>>;
  /** Metric curves of several runs, thinned for a chart. */
  curves(request: BodyOf<'tracking.get-curves'>): Promise<ResultOf<'tracking.get-curves'>['curves']>;
  delete(id: string): Promise<void>;
  restore(id: string): Promise<RunRecord>;
}

export function createRuns(caller: Caller, logging: LoggingOptions): Runs {
  const { call, project } = caller;
  const open = (id: string, of = project) => createRunHandle(caller, { id, project: of }, logging);

  async function start({ parameters, ...body }: StartRun = {}): Promise<RunHandle> {
    // With a key of its own the run is started once, however often the request is sent.
    const run = await call('tracking.start-run', { body: { experiment: 'Default', requestKey: crypto.randomUUID(), ...body } });
    const handle = open(run.id, run.project);
    if (parameters !== undefined) await begin(handle, parameters);
    return handle;
  }

  async function begin(handle: RunHandle, parameters: NonNullable<StartRun['parameters']>): Promise<void> {
    try {
      await handle.setParameters(parameters);
      await handle.flush();
    } catch (error) {
      // Nobody gets a run that does not say what it was started with.
      await handle.finish('failed').catch(() => undefined);
      throw error;
    }
  }

  return {
    start,
    async track(run, work) {
      const handle = await start(run);
      let result;
      try {
        result = await work(handle);
      } catch (error) {
        // What went wrong in the work counts; that the end could not be told is second to it.
        await handle.finish('failed').catch(() => undefined);
        throw error;
      }
      await handle.finish();
      return result;
    },
    open: (id) => open(id),
    get: async (run) => runRecord(await call('tracking.get-run', { params: { run } })),
    search: (search = {}) => pagesAs((after) => call('tracking.list-runs', { query: { ...search, limit: 200, after } }), runRecord),
    count: async (search = {}) => (await call('tracking.count-runs', { query: search })).count,
    compare: (runs) => call('tracking.compare-runs', { body: { runs } }),
    curves: async (body) => (await call('tracking.get-curves', { body })).curves,
    async delete(run) {
      await call('tracking.delete-run', { params: { run } });
    },
    restore: async (run) => runRecord(await call('tracking.restore-run', { params: { run } })),
  };
}
