import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RipenError } from '#kernel/errors.ts';
import { parseSource, type Source } from './source.ts';

test('sources are read as MLflow clients write them', () => {
  const cases: readonly [string, Source][] = [
    ['runs:/r1/model', { kind: 'run', run: 'r1', folder: 'model' }],
    ['runs:/r1', { kind: 'run', run: 'r1', folder: '' }],
    ['runs:/r1/a/b%20c/', { kind: 'run', run: 'r1', folder: 'a/b c' }],
    ['models:/m-0123', { kind: 'logged-model', id: 'm-0123' }],
    ['models:/delay/3', { kind: 'version', model: 'delay', version: '3' }],
    ['models:/delay@champion', { kind: 'version', model: 'delay', version: '@champion' }],
    ['models:/fl%20ights/latest', { kind: 'version', model: 'fl ights', version: 'latest' }],
    ['mlflow-artifacts:/1/r1/artifacts/model', { kind: 'artifacts', path: '1/r1/artifacts/model' }],
    ['mlflow-artifacts:1/x', { kind: 'artifacts', path: '1/x' }],
    ['mlflow-artifacts://other:80/1/x', { kind: 'elsewhere' }],
    ['s3://bucket/a/b', { kind: 'elsewhere' }],
    ['https://host/a?b=c..d', { kind: 'elsewhere' }],
    ['dbfs:/models/x', { kind: 'elsewhere' }],
    ['/var/model', { kind: 'local', path: '/var/model' }],
    ['file:///var/model', { kind: 'local', path: '/var/model' }],
    [String.raw`C:\model`, { kind: 'local', path: String.raw`C:\model` }],
    ['dummy-source', { kind: 'nothing' }],
  ];
  for (const [text, source] of cases) assert.deepEqual(parseSource(text), source, text);
});

test('what leads upwards is refused however it is spelled, and nothing else goes wrong', () => {
  const refused = { code: 'registry.source-invalid' };
  for (const text of ['', ' ', 'runs:/', 'models:/', 'models:/a', 'models://h/a/1', 'models:/a/b/c', 'x'.repeat(3000)])
    assert.throws(() => parseSource(text), refused, text);
  const upwards = fc.constantFrom('..', '%2e%2e', '%2E.', '%252e%252e', '.%25252e', '%00');
  const begin = fc.constantFrom('mlflow-artifacts:/', 's3://b/', '/', 'file:///', 'runs:/r/', 'https://h/', 'models:/');
  fc.assert(
    fc.property(begin, fc.constantFrom('', 'a/'), upwards, fc.constantFrom('', '/b'), (start, before, up, after) => {
      assert.throws(() => parseSource(start + before + up + after), refused);
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', 'models:/', 'runs:/', 'mlflow-artifacts:/'),
      (text, start) => {
        try {
          parseSource(start + text);
        } catch (error) {
          assert.ok(error instanceof RipenError, String(error));
        }
      },
    ),
    { numRuns: 200 },
  );
});
