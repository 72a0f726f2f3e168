import type { TrackingCommands } from '../commands.ts';
import { experimentNumber } from './key-rules.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';

export function traceEditRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [...tagRoutes(tracking), ...deleteRoutes(tracking), ...linkRoutes(tracking)];
}

/** Clients of version 3 still use the old address for tags. */
const versions = ['2.0', '3.0'] as const;

function tagRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return versions.flatMap((version) => [
    mlflowRoute({
      method: 'patch',
      path: `${version}/mlflow/traces/{trace_id}/tags`,
      action: 'runs:write',
      summary: 'Sets a tag of a trace',
      request: { trace_id: field.text().required(), key: field.text().required(), value: field.text() },
      async handle({ trace_id: trace, key: name, value = '' }, { project }) {
        await tracking.setTraceTag({ project, trace }, { name, value });
        return {};
      },
    }),
    mlflowRoute({
      method: 'delete',
      path: `${version}/mlflow/traces/{trace_id}/tags`,
      action: 'runs:write',
      summary: 'Removes a tag of a trace',
      request: { trace_id: field.text().required(), key: field.text().required() },
      async handle({ trace_id: trace, key }, { project }) {
        await tracking.removeTraceTag({ project, trace }, key);
        return {};
      },
    }),
  ]);
}

function deleteRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return versions.map((version) =>
    mlflowRoute({
      method: 'post',
      path: `${version}/mlflow/traces/delete-traces`,
      action: 'runs:write',
      summary: 'Deletes traces of an experiment: those that are named, or the oldest ones until a time',
      request: {
        experiment_id: field.text().required(),
        max_timestamp_millis: field.whole(),
        max_traces: field.whole(),
        request_ids: field.list(field.text()),
      },
      async handle({ experiment_id: id, max_timestamp_millis: until, max_traces: most, request_ids: traces }, { project, context }) {
        const of = { project, experiment: { sequence: experimentNumber(id) } };
        const named = traces !== undefined && traces.length > 0;
        if (named === (until !== undefined))
          throw invalid('Either `max_timestamp_millis` or `request_ids` must be specified, but not both.');
        if (named && most !== undefined) throw invalid("`max_traces` can't be specified if `request_ids` is specified.");
        if (most !== undefined && most <= 0) throw invalid(`\`max_traces\` must be a positive integer, received ${most}.`);
        const deleted = await tracking.deleteTraces(
          context,
          until === undefined ? { ...of, traces: traces ?? [] } : { ...of, until, most },
        );
        return { traces_deleted: deleted };
      },
    }),
  );
}

function linkRoutes(tracking: TrackingCommands): MlflowRoute[] {
  const routes = versions.map((version) =>
    mlflowRoute({
      method: 'post',
      path: `${version}/mlflow/traces/link-to-run`,
      action: 'runs:write',
      summary: 'Says that traces belong to a run',
      request: { trace_ids: field.list(field.text()).required(), run_id: field.text().required() },
      async handle({ trace_ids: traces, run_id: run }, { project }) {
        await tracking.linkTracesToRun({ project, traces, run });
        return {};
      },
    }),
  );
  const prompts = versions.map((version) =>
    mlflowRoute({
      method: 'post',
      path: `${version}/mlflow/traces/link-prompts`,
      action: 'runs:write',
      summary: 'Says which prompt versions a trace used',
      request: {
        trace_id: field.text().required(),
        prompt_versions: field.list(field.message({ name: field.text().required(), version: field.text().required() })).required(),
      },
      async handle({ trace_id: trace, prompt_versions: versionsOfPrompts }, { project }) {
        await tracking.linkPrompts({ project, trace }, versionsOfPrompts);
        return {};
      },
    }),
  );
  return [...routes, ...prompts];
}

function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}
