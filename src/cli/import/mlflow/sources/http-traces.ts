import type { SourceFile, SourceTrace } from '../source.ts';
import { labelsOf, traceState } from '../words.ts';
import { assessmentOf } from './assessment.ts';
import { orNothing, type Paged, pages } from './pages.ts';
import type { LabelMessage } from './http-messages.ts';
import { type MlflowClient, SourceRefusal } from './mlflow-client.ts';

interface TraceMessage {
  readonly trace_id: string;
  readonly client_request_id?: string;
  readonly request_preview?: string;
  readonly response_preview?: string;
  readonly request_time?: string;
  readonly execution_duration?: string;
  readonly state?: string;
  readonly trace_metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly assessments?: readonly Readonly<Record<string, unknown>>[];
}

interface OldTraceMessage {
  readonly request_id: string;
  readonly timestamp_ms?: string | number;
  readonly execution_time_ms?: string | number;
  readonly status?: string;
  readonly request_metadata?: readonly LabelMessage[];
  readonly tags?: readonly LabelMessage[];
}

/**
 * Traces of an experiment. Spans come along where the server's database has them; where clients keep them in a file, the file comes, which
 * clients before version 3 ask for.
 */
export async function* readTraces(client: MlflowClient, experiment: string): AsyncGenerator<SourceTrace> {
  for await (const trace of (await hasVersion3(client, experiment)) ? traces(client, experiment) : oldTraces(client, experiment)) {
    const isKeptApart = trace.tags['mlflow.trace.spansLocation'] !== 'TRACKING_STORE';
    const spans = isKeptApart ? undefined : await spansOf(client, trace.id);
    const artifactUri = isKeptApart ? trace.tags['mlflow.artifactLocation'] : undefined;
    yield { ...trace, experiment, artifactUri, ...(spans === undefined ? {} : { spans }) };
  }
}

type Head = Omit<SourceTrace, 'experiment' | 'spans' | 'artifactUri'>;
const search = 'api/3.0/mlflow/traces/search';
const locationOf = (experiment: string) => [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } }];

async function hasVersion3(client: MlflowClient, experiment: string): Promise<boolean> {
  try {
    await client.post(search, { locations: locationOf(experiment), max_results: 1 });
    return true;
  } catch (error) {
    orNothing(error);
    return false;
  }
}

async function* traces(client: MlflowClient, experiment: string): AsyncGenerator<Head> {
  const ask = (token: string | undefined) =>
    client.post<{ traces?: TraceMessage[]; next_page_token?: string }>(search, {
      locations: locationOf(experiment),
      max_results: 100,
      ...(token === undefined ? {} : { page_token: token }),
    });
  for await (const page of pages(ask)) for (const trace of page.traces ?? []) yield headOf(trace);
}

function headOf(trace: TraceMessage): Head {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(trace.execution_duration ?? '')?.[1];
  return {
    id: trace.trace_id,
    state: traceState(trace.state ?? ''),
    requestedAt: Date.parse(trace.request_time ?? '') || 0,
    duration: seconds === undefined ? undefined : Math.round(Number(seconds) * 1000),
    clientRequestId: trace.client_request_id,
    requestPreview: trace.request_preview,
    responsePreview: trace.response_preview,
    tags: { ...trace.tags },
    metadata: { ...trace.trace_metadata },
    assessments: (trace.assessments ?? []).flatMap((each) => assessmentOf(each) ?? []),
  };
}

/** Servers before version 3. */
async function* oldTraces(client: MlflowClient, experiment: string): AsyncGenerator<Head> {
  const ask = (token: string | undefined): Promise<Paged & { traces?: OldTraceMessage[] }> =>
    client
      .get<{ traces?: OldTraceMessage[]; next_page_token?: string }>('api/2.0/mlflow/traces', {
        experiment_ids: [experiment],
        max_results: 100,
        page_token: token,
      })
      .catch(orNothing);
  for await (const page of pages(ask)) {
    for (const trace of page.traces ?? []) {
      yield {
        id: trace.request_id,
        state: traceState(trace.status ?? ''),
        requestedAt: Number(trace.timestamp_ms ?? 0),
        duration: trace.execution_time_ms === undefined ? undefined : Number(trace.execution_time_ms),
        tags: { ...labelsOf(trace.tags) },
        metadata: { ...labelsOf(trace.request_metadata) },
        assessments: [],
      };
    }
  }
}

const traceFile = 'ajax-api/2.0/mlflow/get-trace-artifact';

/** The file of a trace's spans; none where the client was cut off before it wrote it. */
export async function traceFiles(client: MlflowClient, trace: string): Promise<SourceFile[]> {
  try {
    const content = await openTraceFile(client, trace);
    await content.cancel();
    return [{ name: 'traces.json', size: 0 }];
  } catch (error) {
    if (error instanceof SourceRefusal) return [];
    throw error;
  }
}

export const openTraceFile = (client: MlflowClient, trace: string) => client.stream(traceFile, { request_id: trace });

async function spansOf(client: MlflowClient, trace: string): Promise<string | undefined> {
  try {
    return await client.text(traceFile, { request_id: trace });
  } catch (error) {
    // A trace that was cut off has none.
    if (error instanceof SourceRefusal) return undefined;
    throw error;
  }
}
