import type { TrackingCommands } from '../commands.ts';
import { assessmentFields, newAssessment } from './assessment-message.ts';
import { experimentNumber } from './key-rules.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { readDuration, readTime } from './proto-time.ts';
import { oldTraceInfoMessage, pairsOf, stateChoice, statusChoice, traceInfoMessage, traceState } from './trace-message.ts';

const labels = field.list(field.message({ key: field.text().required(), value: field.text() }));

const location = field.message({
  type: field.text(),
  mlflow_experiment: field.message({ experiment_id: field.text().required() }),
});

const infoField = field.message({
  trace_id: field.text().required(),
  client_request_id: field.text(),
  trace_location: location.required(),
  request_preview: field.text(),
  response_preview: field.text(),
  request_time: field.text(),
  execution_duration: field.text(),
  state: stateChoice,
  trace_metadata: field.map(),
  tags: field.map(),
  assessments: field.list(field.message(assessmentFields)),
});

/** How clients tell of traces: once at the end (version 3), or at the start and at the end (before). */
export function traceInfoRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [startRoute(tracking), oldStartRoute(tracking), oldEndRoute(tracking)];
}

function startRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '3.0/mlflow/traces',
    action: 'runs:write',
    summary: 'Tells of a trace; its spans come by OTLP',
    request: { trace: field.message({ trace_info: infoField.required() }).required() },
    async handle({ trace: { trace_info: info } }, { project, context }) {
      const trace = await tracking.recordTrace(context, {
        project,
        experiment: { sequence: experimentOf(info.trace_location) },
        id: info.trace_id,
        state: traceState(info.state),
        requestedAt: readTime(info.request_time, 'request_time'),
        duration: readDuration(info.execution_duration, 'execution_duration'),
        clientRequestId: info.client_request_id,
        requestPreview: info.request_preview,
        responsePreview: info.response_preview,
        tags: info.tags ?? {},
        metadata: info.trace_metadata ?? {},
        assessments: (info.assessments ?? []).map(newAssessment),
      });
      return cleanReply({ trace: { trace_info: traceInfoMessage(trace) } });
    },
  });
}

/** @throws MlflowError for a place that is no experiment */
export function experimentOf(place: {
  readonly type: string | undefined;
  readonly mlflow_experiment: { readonly experiment_id: string } | undefined;
}): number {
  if (place.mlflow_experiment === undefined)
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      'Only traces of experiments are kept here: trace_location.mlflow_experiment is missing.',
    );
  return experimentNumber(place.mlflow_experiment.experiment_id);
}

function oldStartRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/traces',
    action: 'runs:write',
    summary: 'Begins a trace of a client before version 3',
    request: {
      experiment_id: field.text().required(),
      timestamp_ms: field.whole().required(),
      request_metadata: labels,
      tags: labels,
    },
    async handle({ experiment_id: experiment, timestamp_ms: requestedAt, request_metadata: metadata, tags }, { project, context }) {
      const trace = await tracking.beginTrace(context, {
        project,
        experiment: { sequence: experimentNumber(experiment) },
        requestedAt,
        tags: pairsOf(tags),
        metadata: pairsOf(metadata),
      });
      return cleanReply({ trace_info: oldTraceInfoMessage(trace) });
    },
  });
}

function oldEndRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'patch',
    path: '2.0/mlflow/traces/{trace_id}',
    action: 'runs:write',
    summary: 'Ends a trace of a client before version 3',
    request: {
      trace_id: field.text().required(),
      timestamp_ms: field.whole().required(),
      status: statusChoice,
      request_metadata: labels,
      tags: labels,
    },
    async handle({ trace_id: id, timestamp_ms: endedAt, status, request_metadata: metadata, tags }, { project, context }) {
      const trace = await tracking.endTrace(context, {
        project,
        id,
        endedAt,
        state: traceState(status),
        tags: pairsOf(tags),
        metadata: pairsOf(metadata),
      });
      return cleanReply({ trace_info: oldTraceInfoMessage(trace) });
    },
  });
}
