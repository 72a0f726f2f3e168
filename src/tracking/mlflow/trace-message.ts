import { artifactAddress } from '../artifacts/artifact-address.ts';
import { writeSpan } from '../otlp/write-span.ts';
import type { Trace, TraceState } from '../traces/model.ts';
import type { TraceWithSpans } from '../traces/read-traces.ts';
import { traceMetadata, traceTag } from '../traces/well-known.ts';
import { assessmentMessage } from './assessment-message.ts';
import { field } from './protocol/index.ts';

export const stateChoice = field.choice({ STATE_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 });
export const statusChoice = field.choice({ TRACE_STATUS_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 });

export function traceState(name: string | undefined): TraceState {
  if (name === 'OK') return 'ok';
  if (name === 'ERROR') return 'error';
  return name === 'IN_PROGRESS' ? 'in-progress' : 'unspecified';
}

const stateNames = { ok: 'OK', error: 'ERROR', 'in-progress': 'IN_PROGRESS' } as const;

/** `TraceInfoV3` */
export function traceInfoMessage(trace: Trace) {
  return {
    trace_id: trace.id,
    ...(trace.clientRequestId === undefined ? {} : { client_request_id: trace.clientRequestId }),
    trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: String(trace.experimentNumber) } },
    ...(trace.requestPreview === undefined ? {} : { request_preview: trace.requestPreview }),
    ...(trace.responsePreview === undefined ? {} : { response_preview: trace.responsePreview }),
    request_time: new Date(trace.requestedAt).toISOString(),
    ...(trace.duration === undefined ? {} : { execution_duration: durationText(trace.duration) }),
    state: trace.state === 'unspecified' ? 'STATE_UNSPECIFIED' : stateNames[trace.state],
    trace_metadata: metadataOf(trace),
    tags: tagsOf(trace),
    ...(trace.assessments.length === 0 ? {} : { assessments: trace.assessments.map((each) => assessmentMessage(trace.id, each)) }),
  };
}

/** `TraceInfo` of the clients before version 3. */
export function oldTraceInfoMessage(trace: Trace) {
  const pairs = (labels: Readonly<Record<string, string>>) => Object.entries(labels).map(([key, value]) => ({ key, value }));
  return {
    request_id: trace.id,
    experiment_id: String(trace.experimentNumber),
    timestamp_ms: trace.requestedAt,
    ...(trace.duration === undefined ? {} : { execution_time_ms: trace.duration }),
    status: trace.state === 'unspecified' ? 'TRACE_STATUS_UNSPECIFIED' : stateNames[trace.state],
    request_metadata: pairs(trace.metadata),
    tags: pairs(tagsOf(trace)),
  };
}

export function traceMessage({ trace, spans }: TraceWithSpans) {
  return { trace_info: traceInfoMessage(trace), spans: spans.map((span) => writeSpan(trace.id, span)) };
}

function metadataOf(trace: Trace): Record<string, string> {
  return { ...trace.metadata, ...(trace.told ? { [traceMetadata.finalized]: 'true' } : {}) };
}

/** Clients look for spans where the tag says, so it is there exactly when there are spans here. */
function tagsOf(trace: Trace): Record<string, string> {
  const location = { sequence: trace.experimentNumber, location: trace.experimentLocation };
  return {
    ...trace.tags,
    ...(trace.name === undefined ? {} : { [traceTag.name]: trace.name }),
    [traceTag.artifactLocation]: artifactAddress(location, 'traces', trace.id, 'artifacts'),
    ...(trace.spans === 0 ? {} : { [traceTag.spansLocation]: 'TRACKING_STORE' }),
  };
}

/** Protobuf's JSON of a duration. */
function durationText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)}s`;
}

export function pairsOf(
  pairs: readonly { readonly key: string; readonly value: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({ key, value = '' }) => [key, value]));
}
