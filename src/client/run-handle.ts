import { type Artifacts, createArtifacts } from './artifacts.ts';
import type { Caller } from './call.ts';
import { createLogBuffer, type LogBuffer } from './log-buffer.ts';
import { bodyOf, checkedParameters, checkedTags, type LogOptions, nothing, type ParameterValue, pointsOf } from './log-entry.ts';
import { metricValue, type MetricValue, type RunRecord, runRecord } from './numbers.ts';
import { type Items, pagesAs } from './pages.ts';

export interface LoggingOptions {
  /** How long the first of what is logged waits for company, in ms; default 500. */
  readonly waitMs: number;
  /** How much may wait to be sent before `log` asks to be waited for; default 10,000. At ten times as many it throws. */
  readonly most: number;
  /** How long sending is tried again before `flush` and `finish` fail, in ms; default 5 minutes. Nothing is dropped then. */
  readonly retryForMs: number;
}

export type RunOutcome = 'finished' | 'failed' | 'killed';

export interface RunInput {
  readonly dataset: string;
  readonly digest: string;
  readonly snapshot?: number | undefined;
  readonly context?: string | undefined;
}

/** A run that is worked on. What is logged is sent in the background; `flush` and `finish` wait for it. */
export interface RunHandle extends AsyncDisposable {
  readonly id: string;
  readonly project: string;
  readonly artifacts: Artifacts;
  /** Adds a point to each metric. Await it to wait for room when more is logged than can be sent. @throws `client.buffer-full` */
  log(metrics: Readonly<Record<string, number>>, options?: LogOptions): Promise<void>;
  setParameters(parameters: Readonly<Record<string, ParameterValue>>): Promise<void>;
  /** A tag set to null goes away. */
  setTags(tags: Readonly<Record<string, string | null>>): Promise<void>;
  /** Says which data the run read. */
  addInputs(inputs: readonly RunInput[]): Promise<void>;
  readonly putArtifact: Artifacts['put'];
  /** Every point of a metric in the order of step and time. */
  history(metric: string, options?: { readonly fromStep?: number; readonly toStep?: number }): Items<MetricValue>;
  /** What the server has of the run. */
  read(): Promise<RunRecord>;
  /** Resolves when all that was logged is kept by the server. @throws RipenRequestError when some is not: see `details` */
  flush(): Promise<void>;
  /** Flushes and ends the run. What was refused for good does not keep the run from ending, and is thrown after. */
  finish(outcome?: RunOutcome): Promise<RunRecord>;
}

export function createRunHandle(caller: Caller, run: Pick<RunRecord, 'id' | 'project'>, logging: LoggingOptions): RunHandle {
  const { call } = caller;
  const params = { project: run.project, run: run.id };
  const buffer = createLogBuffer({
    ...logging,
    send: async (entries) => {
      await call('tracking.log', { params, body: bodyOf(entries), retryForMs: logging.retryForMs });
    },
  });
  const artifacts = createArtifacts(caller, run.id, run.project);
  const finish = finisher(caller, params, buffer);
  return {
    id: run.id,
    project: run.project,
    artifacts,
    log: (metrics, options = {}) => buffer.add({ ...nothing, points: pointsOf(metrics, options, Date.now()) }),
    setParameters: (parameters) => buffer.add({ ...nothing, parameters: checkedParameters(parameters) }),
    setTags: (tags) => buffer.add({ ...nothing, tags: checkedTags(tags) }),
    async addInputs(inputs) {
      await call('tracking.add-inputs', { params, body: { inputs } });
    },
    putArtifact: (...artifact) => artifacts.put(...artifact),
    history: (metric, range = {}) =>
      pagesAs(
        (after) => call('tracking.get-metric-history', { params: { ...params, metric }, query: { ...range, limit: 10_000, after } }),
        metricValue,
      ),
    read: async () => runRecord(await call('tracking.get-run', { params })),
    flush: () => buffer.flush(),
    finish,
    async [Symbol.asyncDispose]() {
      await finish.once();
    },
  };
}

interface Finisher {
  (outcome?: RunOutcome): Promise<RunRecord>;
  /** Unless it was called. */
  once(): Promise<void>;
}

function finisher({ call }: Caller, params: { readonly project: string; readonly run: string }, buffer: LogBuffer): Finisher {
  let wasCalled = false;
  async function finish(outcome: RunOutcome = 'finished'): Promise<RunRecord> {
    wasCalled = true;
    let notLogged: { readonly error: unknown } | undefined;
    try {
      await buffer.flush();
    } catch (error) {
      // What still waits could be sent later, so the run goes on.
      if (buffer.waiting > 0) throw error;
      notLogged = { error };
    }
    const run = await call('tracking.finish-run', { params, body: { outcome } });
    if (notLogged !== undefined) throw notLogged.error;
    return runRecord(run);
  }
  const once = async () => {
    if (!wasCalled) await finish();
  };
  return Object.assign(finish, { once });
}
