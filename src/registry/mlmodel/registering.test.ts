import assert from 'node:assert/strict';
import { context, testRegistry } from '../testing.ts';
import type { ModelDirectoryWire } from './wire.ts';

const model = `flavors:
  python_function: {loader_module: mlflow.xgboost, data: model.ubj, env: {conda: conda.yaml}, python_version: 3.11.7}
  xgboost: {data: model.ubj, xgb_version: 3.2.0}
signature:
  inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
`;
const path = '/api/v1/projects/flights/models/delay/versions';

testRegistry('a registered directory is shown, and its tensors are the signature of the version', async ({ put, registry, api }) => {
  const files = { MLmodel: await put(model), 'model.ubj': await put('trees'), 'conda.yaml': await put('dependencies: [python=3.11]') };
  const version = await registry.registerVersion(context, { project: 'flights', model: 'delay', files });
  assert.deepEqual(version.signature?.inputs, [{ name: 'input', datatype: 'FP32', shape: [-1, 2] }]);
  const { directory } = await api.call<{ directory: ModelDirectoryWire }>('GET', `${path}/1/directory`);
  assert.deepEqual(
    directory.flavors.map(({ name, version: library }) => [name, library]),
    [
      ['python_function', undefined],
      ['xgboost', '3.2.0'],
    ],
  );
  assert.equal(directory.environment.python, '3.11.7');
  assert.deepEqual((await registry.directory({ project: 'flights', model: 'delay', version: 'latest' }))?.flavors.length, 2);
});

testRegistry('a broken directory is refused with every reason, and nothing is written', async ({ put, registry, api, events }) => {
  const files = { MLmodel: await put(model) };
  const before = (await events.head()).size;
  const refused = await api.call<{ code: string; detail: string; hint: string }>('POST', path, { files }, { status: 400 });
  assert.equal(refused.code, 'registry.model-directory-invalid');
  assert.match(refused.detail, /model\.ubj: "flavors\.python_function\.data" names it, but it is not there/);
  assert.match(refused.detail, /conda\.yaml: "flavors\.python_function\.env\.conda" names it/);
  assert.match(refused.hint, /Log the whole directory of the model/);
  assert.equal((await events.head()).size, before);
  await assert.rejects(registry.model('flights', 'delay'), { code: 'registry.model-not-found' });
});

testRegistry('a version without an MLmodel file has no directory', async ({ register, api }) => {
  await register(1);
  assert.deepEqual(await api.call('GET', `${path}/1/directory`), {});
});
