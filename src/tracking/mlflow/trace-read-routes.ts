import { setTimeout as sleep } from 'node:timers/promises';
import type { TrackingCommands } from '../commands.ts';
import type { TraceWithSpans } from '../traces/read-traces.ts';
import { traceMetadata } from '../traces/well-known.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { oldTraceInfoMessage, traceInfoMessage, traceMessage } from './trace-message.ts';

/** Clients ask for 10 at once. */
const mostTraces = 500;

export function traceReadRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [...infoRoutes(tracking), getRoute(tracking), ...batchRoutes(tracking)];
}

function infoRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'get',
      path: '3.0/mlflow/traces/{trace_id}',
      action: 'runs:read',
      summary: 'What is known of a trace, without its spans',
      request: { trace_id: field.text().required() },
      handle: async ({ trace_id: id }, { project }) =>
        cleanReply({ trace: { trace_info: traceInfoMessage(await traceOf(tracking, project, id)) } }),
    }),
    mlflowRoute({
      method: 'get',
      path: '2.0/mlflow/traces/{trace_id}/info',
      action: 'runs:read',
      summary: 'What is known of a trace, for clients before version 3',
      request: { trace_id: field.text().required() },
      handle: async ({ trace_id: id }, { project }) =>
        cleanReply({ trace_info: oldTraceInfoMessage(await traceOf(tracking, project, id)) }),
    }),
  ];
}

/** @throws MlflowError in the words that clients compare */
export async function traceOf(tracking: TrackingCommands, project: string, id: string) {
  const [trace] = await tracking.traces(project, [id]);
  if (trace === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Trace with ID '${id.slice(0, 100)}' not found.`);
  return trace;
}

/** The spans of a trace may still be on their way: waited for so long, milliseconds. */
const waits = [0, 1000, 2000] as const;

function getRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'get',
    path: '3.0/mlflow/traces/get',
    action: 'runs:read',
    summary: 'A trace with its spans',
    request: { trace_id: field.text().required(), allow_partial: field.flag() },
    async handle({ trace_id: id, allow_partial: partial = false }, { project, http }) {
      for (const wait of waits) {
        if (wait > 0) await sleep(wait, undefined, { signal: http.aborted });
        const [found] = await tracking.tracesWithSpans(project, [id]);
        if (found === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Trace with ID '${id.slice(0, 100)}' is not found.`);
        if (partial || isWhole(found)) return cleanReply({ trace: traceMessage(found) });
        // Nothing ever came by OTLP: the spans of this trace lie in a file.
        if (found.trace.spans === 0) break;
      }
      throw new MlflowError(
        'RESOURCE_DOES_NOT_EXIST',
        `Trace with ID ${id.slice(0, 100)} is not fully exported yet, please try again later.`,
      );
    },
  });
}

/** The client says in the metadata how many spans the trace has. */
function isWhole({ trace, spans }: TraceWithSpans): boolean {
  if (spans.length === 0) return false;
  const [, told] = /"num_spans"\s*:\s*(\d+)/.exec(trace.metadata[traceMetadata.sizeStats] ?? '') ?? [];
  return told === undefined || spans.length >= Number(told);
}

function batchRoutes(tracking: TrackingCommands): MlflowRoute[] {
  const ids = { trace_ids: field.list(field.text()).required() };
  return [
    mlflowRoute({
      method: 'get',
      path: '3.0/mlflow/traces/batchGet',
      action: 'runs:read',
      summary: 'Several traces with their spans; those that are not there are left out',
      request: ids,
      async handle({ trace_ids: wanted }, { project }) {
        const found = await tracking.tracesWithSpans(project, checkCount(wanted));
        return cleanReply({ traces: found.filter(({ spans }) => spans.length > 0).map(traceMessage) });
      },
    }),
    mlflowRoute({
      method: 'post',
      path: '3.0/mlflow/traces/batchGetInfos',
      action: 'runs:read',
      summary: 'What is known of several traces, without their spans',
      request: ids,
      handle: async ({ trace_ids: wanted }, { project }) =>
        cleanReply({ trace_infos: (await tracking.traces(project, checkCount(wanted))).map(traceInfoMessage) }),
    }),
  ];
}

function checkCount(ids: readonly string[]): readonly string[] {
  if (ids.length > mostTraces)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${ids.length} traces were asked for at once; the limit is ${mostTraces}.`);
  return ids;
}
