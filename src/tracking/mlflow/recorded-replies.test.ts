import assert from 'node:assert/strict';
import { testTracking } from '../testing.ts';
import { type MlflowMessage, testMlflow } from './testing.ts';

/**
 * What the server of MLflow 3.17.2 answered to the same requests, on SQLite. Ids stand as `<id>`, times of the server as 0, and what
 * that server adds for itself (`workspace`, `sqlstate`, `error_class`) is left out. What Ripen adds is in: a run always has `outputs`, and
 * one that was searched for has its `model_inputs` too.
 */
const recorded: readonly (readonly [method: string, path: string, message: object | undefined, status: number, reply: object])[] = [
  ['POST', 'experiments/create', { name: 'shape', tags: [{ key: 'a', value: 'b' }] }, 200, { experiment_id: '1' }],
  [
    'GET',
    'experiments/get-by-name?experiment_name=shape',
    undefined,
    200,
    {
      experiment: {
        experiment_id: '1',
        name: 'shape',
        artifact_location: 'mlflow-artifacts:/1',
        lifecycle_stage: 'active',
        last_update_time: 0,
        creation_time: 0,
        tags: [{ key: 'a', value: 'b' }],
      },
    },
  ],
  [
    'GET',
    'experiments/get?experiment_id=999',
    undefined,
    404,
    { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No Experiment with id=999 exists' },
  ],
  [
    'POST',
    'experiments/create',
    { name: 5 },
    400,
    {
      error_code: 'INVALID_PARAMETER_VALUE',
      message:
        "Invalid value 5 for parameter 'name' supplied:  Hint: Value was of type 'int'. See the API docs for more information about request parameters.",
    },
  ],
  [
    'POST',
    'runs/create',
    { experiment_id: '1', user_id: 'u', start_time: 1700000000000, run_name: 'n', tags: [{ key: 'mlflow.user', value: 'u' }] },
    200,
    {
      run: {
        info: {
          run_uuid: '<id>',
          experiment_id: '1',
          run_name: 'n',
          user_id: 'u',
          status: 'RUNNING',
          start_time: 1700000000000,
          artifact_uri: 'mlflow-artifacts:/1/<id>/artifacts',
          lifecycle_stage: 'active',
          run_id: '<id>',
        },
        data: {
          tags: [
            { key: 'mlflow.runName', value: 'n' },
            { key: 'mlflow.user', value: 'u' },
          ],
        },
        inputs: {},
        outputs: {},
      },
    },
  ],
  ['POST', 'runs/log-metric', { run_id: '<id>', key: 'm', value: 1.5, timestamp: 1, step: 2 }, 200, {}],
  ['POST', 'runs/log-metric', { run_id: '<id>', key: 'm', value: 'NaN', timestamp: 3, step: 2 }, 200, {}],
  ['POST', 'runs/log-metric', { run_id: '<id>', key: 'i', value: 'Infinity', timestamp: 3 }, 200, {}],
  ['POST', 'runs/log-parameter', { run_id: '<id>', key: 'q' }, 200, {}],
  ['POST', 'runs/set-tag', { run_id: '<id>', key: 't2' }, 200, {}],
  [
    'POST',
    'runs/log-inputs',
    {
      run_id: '<id>',
      datasets: [
        {
          tags: [{ key: 'mlflow.data.context', value: 'train' }],
          dataset: { name: 'd', digest: '1', source_type: 'local', source: '{}', schema: 's', profile: 'p' },
        },
      ],
      models: [{ model_id: 'm-1' }],
    },
    200,
    {},
  ],
  ['POST', 'runs/outputs', { run_id: '<id>', models: [{ model_id: 'm-2', step: 1 }] }, 200, {}],
  [
    'POST',
    'runs/update',
    { run_id: '<id>', status: 3, end_time: '1700000005001' },
    200,
    {
      run_info: {
        run_uuid: '<id>',
        experiment_id: '1',
        run_name: 'n',
        user_id: 'u',
        status: 'FINISHED',
        start_time: 1700000000000,
        end_time: 1700000005001,
        artifact_uri: 'mlflow-artifacts:/1/<id>/artifacts',
        lifecycle_stage: 'active',
        run_id: '<id>',
      },
    },
  ],
  [
    'POST',
    'runs/search',
    { experiment_ids: ['1'] },
    200,
    {
      runs: [
        {
          info: {
            run_uuid: '<id>',
            experiment_id: '1',
            run_name: 'n',
            user_id: 'u',
            status: 'FINISHED',
            start_time: 1700000000000,
            end_time: 1700000005001,
            artifact_uri: 'mlflow-artifacts:/1/<id>/artifacts',
            lifecycle_stage: 'active',
            run_id: '<id>',
          },
          data: {
            metrics: [
              { key: 'i', value: 1.7976931348623157e308, timestamp: 3, step: 0 },
              { key: 'm', value: 'NaN', timestamp: 3, step: 2 },
            ],
            params: [{ key: 'q', value: '' }],
            tags: [
              { key: 'mlflow.runName', value: 'n' },
              { key: 'mlflow.user', value: 'u' },
              { key: 't2', value: '' },
            ],
          },
          inputs: {
            dataset_inputs: [
              {
                tags: [{ key: 'mlflow.data.context', value: 'train' }],
                dataset: { name: 'd', digest: '1', source_type: 'local', source: '{}', schema: 's', profile: 'p' },
              },
            ],
            model_inputs: [{ model_id: 'm-1' }],
          },
          outputs: { model_outputs: [{ model_id: 'm-2', step: 1 }] },
        },
      ],
    },
  ],
  [
    'GET',
    'metrics/get-history?run_id=<id>&metric_key=m',
    undefined,
    200,
    {
      metrics: [
        { key: 'm', value: 1.5, timestamp: 1, step: 2 },
        { key: 'm', value: 'NaN', timestamp: 3, step: 2 },
      ],
    },
  ],
  [
    'GET',
    'metrics/get-history-bulk-interval?run_ids=<id>&metric_key=i',
    undefined,
    200,
    { metrics: [{ key: 'i', value: 1.7976931348623157e308, timestamp: 3, step: 0, run_id: '<id>' }] },
  ],
  ['POST', 'runs/search', {}, 200, {}],
  ['POST', 'runs/delete', { run_id: '<id>' }, 200, {}],
  [
    'POST',
    'runs/set-tag',
    { run_id: '<id>', key: 'm', value: '1' },
    400,
    { error_code: 'INVALID_PARAMETER_VALUE', message: "The run <id> must be in the 'active' state. Current state is deleted." },
  ],
  ['POST', 'experiments/delete', { experiment_id: '1' }, 200, {}],
  [
    'POST',
    'experiments/delete',
    { experiment_id: '1' },
    404,
    { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No Experiment with id=1 exists' },
  ],
];

testTracking("replies are those of MLflow's own server, member by member", async ({ tracking }) => {
  const api = testMlflow(tracking.mlflow);
  let run = '';
  for (const [method, path, message, status, reply] of recorded) {
    const sent: unknown = message === undefined ? undefined : JSON.parse(JSON.stringify(message).replaceAll('<id>', run));
    const answer = await api.call(method, `/api/2.0/mlflow/${path.replaceAll('<id>', run)}`, sent);
    run ||= answer.body.run?.info?.run_id ?? '';
    assert.deepEqual({ status: answer.status, body: masked(answer.body, run) }, { status, body: reply }, `${method} ${path}`);
  }
});

function masked(body: MlflowMessage, run: string): unknown {
  const text = run === '' ? JSON.stringify(body) : JSON.stringify(body).replaceAll(run, '<id>');
  return JSON.parse(text, (name, value: unknown) => (/^(creation|last_update)_time$/.test(name) ? 0 : value));
}
