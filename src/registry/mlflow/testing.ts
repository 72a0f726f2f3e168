import assert from 'node:assert/strict';
import { smallModel } from '../onnx/testing.ts';
import type { RegistrySetting } from '../testing.ts';

export const models = '/api/2.0/mlflow/registered-models';
export const versions = '/api/2.0/mlflow/model-versions';

export const mlmodel = `flavors:
  onnx:
    onnx_version: 1.18.0
    data: model.onnx
mlflow_version: 3.11.1
`;

/** A run whose folder `model` holds a model directory. */
export async function runWithModel({ start, tracking, put }: RegistrySetting, seed = 1) {
  const run = await start({ commit: 'abc', inputs: [{ dataset: 'flights', snapshot: 4, digest: 'sha256:d' }] });
  const holder = { kind: 'run', project: 'flights', run: run.id } as const;
  const files = { 'model/MLmodel': mlmodel, 'model/model.onnx': smallModel(seed), 'model/requirements.txt': 'onnx\n', 'other.txt': 'x' };
  for (const [name, content] of Object.entries(files)) await tracking.putFile({ holder, name }, { digest: await put(content) });
  return run;
}

export function clientOf({ mlflow }: RegistrySetting) {
  const send = async (method: string, path: string, message?: object) => {
    const { status, body } = await mlflow.call(method, path, message);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const refused = async (method: string, path: string, message?: object) => {
    const { status, body } = await mlflow.call(method, path, message);
    return [status, body['error_code'], body['message']] as const;
  };
  const create = async (source: string, more: object = {}, name = 'delay') =>
    (await send('POST', `${versions}/create`, { name, source, ...more }))['model_version'];
  return { send, refused, create };
}
