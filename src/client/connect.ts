import { type Call, createCaller } from './call.ts';
import { createDatasets, type Datasets } from './datasets.ts';
import { createExperiments, type Experiments } from './experiments.ts';
import { createModels, type Models } from './models.ts';
import type { LoggingOptions } from './run-handle.ts';
import { createRuns, type Runs } from './runs.ts';
import { createEvaluationDatasets, createTraces, type EvaluationDatasets, type Traces } from './traces.ts';
import { createTransport } from './transport.ts';

export interface ConnectOptions {
  /** Of the server; default http://127.0.0.1:7473. A path in it is kept. */
  readonly url?: string | URL | undefined;
  /** As `ripen token create` gives it; a server that only this machine reaches asks for none. */
  readonly token?: string | undefined;
  /** Of everything that names no other one; default `default`. */
  readonly project?: string | undefined;
  /** Until an answer begins, in ms; default 30,000. Files may take as long as they need. */
  readonly timeoutMs?: number | undefined;
  /** How long an operation that can be repeated is tried again when the server does not answer or is busy, in ms; default 10,000. */
  readonly retryForMs?: number | undefined;
  readonly logging?: Partial<LoggingOptions> | undefined;
  /** In place of the platform's, for a proxy or a test. */
  readonly fetch?: typeof fetch | undefined;
}

/** A Ripen server, in the name of one token and one project. Nothing is sent before the first call. */
export interface Ripen {
  readonly url: string;
  readonly project: string;
  readonly runs: Runs;
  readonly experiments: Experiments;
  readonly models: Models;
  readonly datasets: Datasets;
  readonly traces: Traces;
  readonly evaluationDatasets: EvaluationDatasets;
  /** Any operation of the API: `ripen.call('tracking.get-run', { params: { run } })`. */
  readonly call: Call;
}

export function connect(options: ConnectOptions = {}): Ripen {
  const { project = 'default', token, timeoutMs = 30_000, retryForMs = 10_000 } = options;
  const url = new URL(options.url ?? 'http://127.0.0.1:7473').href.replace(/\/+$/, '');
  // Browsers demand that fetch is called as a function of the page.
  const send: typeof fetch = options.fetch ?? ((...input) => fetch(...input));
  const caller = createCaller(createTransport({ url, token, fetch: send, timeoutMs, retryForMs }), project);
  const logging = { waitMs: 500, most: 10_000, retryForMs: 300_000, ...options.logging };
  return {
    url,
    project,
    runs: createRuns(caller, logging),
    experiments: createExperiments(caller),
    models: createModels(caller),
    datasets: createDatasets(caller),
    traces: createTraces(caller),
    evaluationDatasets: createEvaluationDatasets(caller),
    call: caller.call,
  };
}
