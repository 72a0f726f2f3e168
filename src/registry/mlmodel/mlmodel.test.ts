import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { RipenError } from '#kernel/errors.ts';
import type { Digest } from '#kernel/objects/index.ts';
import { describeType } from './describe-type.ts';
import { readSchemaSide } from './read-schema.ts';
import { findModelFile, readDirectory } from './read-directory.ts';
import { readYaml } from './read-yaml.ts';
import { wireDirectory } from './wire.ts';

/** As mlflow.sklearn.save_model of MLflow 3 writes it. */
const sklearn = `
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.11.7
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.10
is_signature_from_type_hint: false
mlflow_version: 3.11.1
model_id: m-7a1
model_size_bytes: 10678
model_uuid: 52c074b71c894870856935a9d2d32db7
prompts: null
run_id: 0123abcd
saved_input_example_info:
  artifact_path: input_example.json
  pandas_orient: split
  serving_input_path: serving_input_example.json
  type: dataframe
signature:
  inputs: '[{"type": "double", "name": "a", "required": true}, {"type": "array", "items":
    {"type": "string"}, "name": "tags", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: '[{"name": "k", "default": 3, "shape": null, "type": "long"}, {"name": "names",
    "default": ["a"], "shape": [-1], "type": "string"}]'
utc_time_created: '2026-11-23 08:09:19.992424'
`;

const files: Readonly<Record<string, string>> = {
  MLmodel: sklearn,
  'conda.yaml': 'name: mlflow-env\ndependencies:\n- python=3.11.7\n- pip\n- pip:\n  - mlflow==3.11.1\n',
  'python_env.yaml': 'python: 3.11.7\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n',
  'requirements.txt': '# written by mlflow\nmlflow==3.11.1\nscikit-learn==1.10 # pinned\n\n',
  'model.pkl': 'x',
  'input_example.json': '{"columns":["a"],"data":[[1]]}',
  'serving_input_example.json': '{}',
};

const read = (contents: Readonly<Record<string, string>>) => {
  const stored = new Map(
    Object.values(contents).map((content) => [createHash('sha256').update(content).digest('hex'), Buffer.from(content)]),
  );
  const versionFiles = Object.entries(contents)
    .map(([name, content]) => ({
      name,
      digest: createHash('sha256').update(content).digest('hex') as Digest,
      size: Buffer.byteLength(content),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return readDirectory({ read: async (digest) => stored.get(digest) ?? assert.fail('no such blob') }, versionFiles);
};

async function problemsOf(contents: Readonly<Record<string, string>>): Promise<{ message: string; details: unknown }> {
  try {
    await read(contents);
  } catch (error) {
    assert.ok(error instanceof RipenError && error.code === 'registry.model-directory-invalid', String(error));
    assert.ok((error.hint ?? '').length > 10);
    return error;
  }
  return assert.fail('the directory was accepted');
}

const withModel = (text: string) => ({ ...files, MLmodel: text });

test('a directory as MLflow 3 writes it is read whole', async () => {
  const { directory, signature } = (await read(files)) ?? assert.fail('not read');
  assert.deepEqual(
    directory.flavors.map(({ name, version, paths }) => [name, version, paths]),
    [
      ['python_function', undefined, ['model.pkl']],
      ['sklearn', '1.10', ['model.pkl']],
    ],
  );
  assert.deepEqual(directory.pythonFunction, {
    loaderModule: 'mlflow.sklearn',
    modelPath: 'model.pkl',
    predictFunction: 'predict',
    pythonVersion: '3.11.7',
    codePath: undefined,
    streamable: false,
  });
  assert.deepEqual(directory.environment.requirements, ['mlflow==3.11.1', 'scikit-learn==1.10']);
  assert.deepEqual(
    directory.environment.files.map(({ kind }) => kind),
    ['conda', 'virtualenv', 'requirements'],
  );
  assert.deepEqual([directory.runId, directory.modelId, directory.sizeBytes], ['0123abcd', 'm-7a1', 10_678]);
  assert.equal(directory.createdAt, Date.UTC(2026, 10, 23, 8, 9, 19, 992));
  assert.equal(directory.inputExample?.servingFile, 'serving_input_example.json');
  // Columns are no tensors: they stay a schema.
  assert.equal(signature, undefined);
  const { schema } = wireDirectory(directory);
  assert.deepEqual(schema?.inputs, {
    kind: 'columns',
    columns: [
      { name: 'a', type: 'double', required: true },
      { name: 'tags', type: 'array<string>', required: false },
    ],
  });
  assert.deepEqual(
    schema?.params.map(({ name, type, default: value, shape }) => [name, type, value, shape]),
    [
      ['k', 'long', '3', undefined],
      ['names', 'string', '["a"]', [-1]],
    ],
  );
});

test('a signature of tensors becomes the signature of the version', async () => {
  const tensors = sklearn.replace(
    /inputs: '[^']*'/,
    `inputs: '[{"type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,2]}},{"type":"tensor","name":"z","tensor-spec":{"dtype":"complex64","shape":[-1]}}]'`,
  );
  const { signature } = (await read(withModel(tensors))) ?? assert.fail('not read');
  assert.deepEqual(signature, {
    inputs: [{ name: 'input_0', datatype: 'FP32', shape: [-1, 2] }],
    outputs: [{ name: 'output', datatype: 'INT64', shape: [-1] }],
    unservable: [{ name: 'z', kind: 'complex64' }],
  });
});

test('old files: the environment as one text, dtype of parameters, optional columns, no signature', async () => {
  const old = `flavors:
  python_function: {data: model.pkl, env: conda.yaml, loader_module: mlflow.sklearn, python_version: 3.6.10}
  sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 0.19.1}
run_id: abc
utc_time_created: '2018-05-25 17:28:53.35'
`;
  const { directory } = (await read(withModel(old))) ?? assert.fail('not read');
  assert.deepEqual([directory.environment.files[0], directory.schema], [{ kind: 'conda', file: 'conda.yaml' }, undefined]);
  assert.equal(directory.environment.python, '3.6.10');
  const signed = `${old}signature: {inputs: '[{"name":"a","type":"double","optional":true}]', outputs: null, params: '[{"name":"k","dtype":"integer","default":1}]'}\n`;
  const { schema } = ((await read(withModel(signed))) ?? assert.fail('not read')).directory;
  assert.deepEqual(schema?.inputs?.kind === 'columns' && schema.inputs.columns[0]?.required, false);
  assert.deepEqual(schema?.params[0]?.type, { kind: 'plain', type: 'integer' });
});

test('flavours and keys that nobody knows are kept and do no harm', async () => {
  const strange = `${sklearn}future_key: {a: [1]}\n`.replace('  sklearn:', '  quantum: {qubits: 7, data: nowhere.q}\n  sklearn:');
  const { directory } = (await read(withModel(strange))) ?? assert.fail('not read');
  assert.deepEqual(directory.unknownKeys, ['future_key']);
  assert.deepEqual(directory.flavors.find(({ name }) => name === 'quantum')?.settings, { qubits: 7, data: 'nowhere.q' });
});

test('a model from code names its file by where it was; the directory holds it by its last name', async () => {
  const code = `flavors:
  python_function: {loader_module: mlflow.pyfunc.loaders.code_model, model_code_path: /home/ada/agent.py}
`;
  assert.ok(await read({ MLmodel: code, 'agent.py': 'x' }));
  assert.match(
    (await problemsOf({ MLmodel: code })).message,
    /agent\.py: "flavors\.python_function\.model_code_path" names it, but it is not there/,
  );
});

test('everything that is wrong is said at once, with the path', async () => {
  const broken = sklearn.replace('"type": "double"', '"type": "dubble"').replaceAll('model.pkl', '../model.pkl');
  const { 'input_example.json': _, ...rest } = files;
  const { message, details } = await problemsOf({ ...rest, MLmodel: broken });
  assert.match(message, /signature\.inputs is invalid: "a" has the unknown type "dubble"/);
  assert.match(message, /outside of the model directory/);
  assert.match(message, /input_example\.json: "saved_input_example_info\.artifact_path" names it, but it is not there/);
  assert.ok(Array.isArray((details as { problems: unknown[] }).problems));
});

test('names that every object has are names like others', async () => {
  const text = `flavors: {valueOf: {constructor: 1}, toString: {data: x}}
signature: {inputs: '[{"type":"valueOf"}]', outputs: '[{"type":"tensor","tensor-spec":{"dtype":"constructor","shape":[]}}]'}
`;
  assert.match((await problemsOf(withModel(text))).message, /unknown type "valueOf"/);
});

test('a path that was misspelt is answered with the nearest file', async () => {
  const { details } = await problemsOf(withModel(sklearn.replaceAll('model.pkl', 'model.pk')));
  assert.match(JSON.stringify(details), /There is \\"model\.pkl\\"/);
});

for (const [name, text, reason] of [
  ['no YAML', 'flavors: [', /cannot be read as YAML/],
  ['a list', '- a\n', /it holds no keys/],
  ['empty', '', /it holds no keys/],
  ['no flavours', 'flavors: {}\n', /names no flavor/],
  ['a flavour without settings', 'flavors: {sklearn: yes}\n', /"sklearn" has no settings/],
  ['no loader', 'flavors: {python_function: {data: model.pkl}}\n', /no loader_module/],
  ['two documents', 'flavors: {a: {}}\n---\nb: 1\n', /cannot be read as YAML/],
  [
    'a signature that is no JSON',
    sklearn.replace('[{"type": "tensor"', '[{type: "tensor"'),
    /signature\.outputs is invalid: it is no JSON/,
  ],
  ['nested deeply', `flavors: ${'['.repeat(50_000)}`, /cannot be read as YAML/],
] as const) {
  test(`refused: ${name}`, async () => {
    assert.match((await problemsOf(withModel(text))).message, reason);
  });
}

test('aliases that multiply are refused before they fill the memory', async () => {
  const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`);
  const bomb = `l0: &l0 [x]\n${levels.join('\n')}\nflavors: {a: {}}\n`;
  const began = performance.now();
  assert.match((await problemsOf(withModel(bomb))).message, /refers to itself too often/);
  assert.ok(performance.now() - began < 1000);
});

test('a few aliases, as Python writes them for one object used twice, are fine', () => {
  assert.deepEqual(readYaml('a: &id001 {x: 1}\nb: *id001\n'), { a: { x: 1 }, b: { x: 1 } });
});

test('tags of Python objects make no objects, and dates stay text', () => {
  assert.deepEqual(readYaml('a: !!python/object/apply:os.system ["echo"]\nb: 2026-11-23\nc: .inf\nd_version: 1.10\ne: 1.10\n'), {
    a: ['echo'],
    b: '2026-11-23',
    c: null,
    d_version: '1.10',
    e: 1.1,
  });
});

test('the file is found at the top, or at the top of the one folder that holds everything', async () => {
  const named = (...names: string[]) => findModelFile(names.map((name) => ({ name })))?.name;
  assert.equal(named('a/MLmodel', 'MLmodel'), 'MLmodel');
  assert.equal(named('model/MLmodel', 'model/model.pkl'), 'model/MLmodel');
  assert.equal(named('model/MLmodel', 'card.md'), undefined);
  assert.equal(named('a/b/MLmodel'), undefined);
  const moved = Object.fromEntries(Object.entries(files).map(([name, content]) => [`model/${name}`, content]));
  assert.equal((await read(moved))?.directory.folder, 'model');
  assert.equal(await read({ 'model.onnx': 'x' }), undefined);
});

test('nested types are described in one line', () => {
  const side = readSchemaSide(
    '[{"type":"object","name":"o","properties":{"x":{"type":"long","required":true},"y":{"type":"map","values":{"type":"double"},"required":false}}}]',
  );
  assert.equal(side?.kind === 'columns' && side.columns.map(({ type }) => describeType(type)).join(), 'object<x: long, y?: map<double>>');
});

test('whatever stands in the file, it is read or refused, never broken off', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json().map((json) => `flavors: ${json}\nsignature: ${json}`),
      ),
      async (text) => {
        await read(withModel(text)).catch((error: unknown) => {
          assert.ok(error instanceof RipenError, String(error));
        });
      },
    ),
    { numRuns: 100 },
  );
});
