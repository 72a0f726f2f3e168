import { artifactAddress } from '../artifacts/artifact-address.ts';
import type { Run, RunHead, RunState } from '../model.ts';
import { datasetInputsOf } from './dataset-message.ts';
import { metricNumber } from './protocol/index.ts';
import { tagsOf } from './run-tags.ts';

/** Number of each status on the wire. */
export const runStatuses = { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 } as const;
export type RunStatus = keyof typeof runStatuses;

export const statusOf = {
  created: 'SCHEDULED',
  scheduled: 'SCHEDULED',
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
} as const satisfies Record<RunState, RunStatus>;

const stateOf = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
} as const satisfies Record<RunStatus, RunState>;

export function stateOfStatus(status: RunStatus | undefined) {
  return status === undefined ? undefined : stateOf[status];
}

export function runInfo(run: RunHead) {
  return {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: String(run.experimentSequence),
    user_id: run.user,
    status: statusOf[run.state],
    start_time: run.startedAt,
    ...(run.finishedAt === undefined ? {} : { end_time: run.finishedAt }),
    artifact_uri: artifactAddress({ sequence: run.experimentSequence, location: run.experimentLocation }, run.id, 'artifacts'),
    lifecycle_stage: run.deletedAt === undefined ? 'active' : 'deleted',
  };
}

/** A whole run; nothing in it is unset, so that it can be sent as it is. */
export function runMessage(run: Run) {
  const metrics = run.metrics.map((metric) => ({
    key: metric.name,
    value: metricNumber(metric.value),
    timestamp: metric.time,
    step: metric.step,
  }));
  const params = Object.entries(run.parameters).map(([key, value]) => ({ key, value }));
  return {
    info: runInfo(run),
    data: { ...filled('metrics', metrics), ...filled('params', params), tags: tagsOf(run) },
    inputs: {
      ...filled('dataset_inputs', datasetInputsOf(run.inputs)),
      ...filled(
        'model_inputs',
        run.inputModels.map(({ model }) => ({ model_id: model })),
      ),
    },
    outputs: filled(
      'model_outputs',
      run.outputModels.map(({ model, step = 0 }) => ({ model_id: model, step })),
    ),
  };
}

function filled<Name extends string, Item>(name: Name, items: readonly Item[]): { readonly [Key in Name]?: readonly Item[] } {
  // A computed key widens to string.
  return (items.length === 0 ? {} : { [name]: items }) as { readonly [Key in Name]?: readonly Item[] };
}
