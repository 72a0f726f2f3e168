import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelFacts } from './model-facts.ts';

test('flavours, signature and versions of an MLmodel file are read, tensors included', () => {
  const facts = modelFacts({
    flavors: {
      python_function: { loader_module: 'mlflow.sklearn', python_version: '3.12.4' },
      sklearn: { pickled_model: 'model.pkl', sklearn_version: '1.5.1' },
    },
    mlflow_version: '3.4.0',
    model_size_bytes: 42,
    signature: {
      inputs: '[{"type":"double","name":"x","required":true},{"type":"long","name":"y","required":false}]',
      outputs: '[{"type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,10]}}]',
    },
  });
  assert.deepEqual(facts?.flavors, [
    { name: 'python_function', version: undefined },
    { name: 'sklearn', version: '1.5.1' },
  ]);
  assert.deepEqual([facts?.loader, facts?.python, facts?.mlflow, facts?.size], ['mlflow.sklearn', '3.12.4', '3.4.0', 42]);
  assert.deepEqual(
    facts?.inputs.map(({ name, type, required }) => [name, type, required]),
    [
      ['x', 'double', true],
      ['y', 'long', false],
    ],
  );
  assert.deepEqual(facts?.outputs, [{ name: undefined, type: 'float32 [-1, 10]', required: true }]);
});

test('what is no MLmodel file has no facts, and one without a signature has no fields', () => {
  assert.equal(modelFacts('text'), undefined);
  assert.equal(modelFacts({ flavors: [] }), undefined);
  assert.deepEqual(modelFacts({ flavors: {} })?.inputs, []);
  assert.throws(() => modelFacts({ flavors: {}, signature: { inputs: '{' } }));
});
