import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '#kernel/objects/index.ts';
import type { KeyParts } from '../model.ts';
import { cacheKey } from './cache-key.ts';
import { stepEnvironment, variableName } from './environment.ts';
import { followFile } from './follow-file.ts';
import { changedEnvironment, changedFiles, changedParts, changedValues } from './key-changes.ts';
import { parseRunLogLine, readRunLog, renderRunLog, type RunLogRecord } from './run-log.ts';

const parts: KeyParts = {
  command: 'x',
  code: digestOf('code'),
  environment: digestOf('environment'),
  parameters: { epochs: 4, deep: [1, 'a'] },
  inputs: { training: { digest: digestOf('t'), label: 'prepare/training' } },
  outputs: { model: 'model.bin' },
  publishes: [],
};

test('every part of the key changes it, and labels and the order of names do not', () => {
  const changed: readonly KeyParts[] = [
    { ...parts, command: 'y' },
    { ...parts, code: digestOf('other') },
    { ...parts, environment: digestOf('other') },
    { ...parts, parameters: { epochs: 5, deep: [1, 'a'] } },
    { ...parts, parameters: { epochs: '4', deep: [1, 'a'] } },
    { ...parts, inputs: { training: { digest: digestOf('u'), label: 'prepare/training' } } },
    { ...parts, inputs: { other: { digest: digestOf('t'), label: 'prepare/training' } } },
    { ...parts, outputs: { model: 'other.bin' } },
    { ...parts, publishes: ['model append pears none'] },
  ];
  const keys = new Set(changed.map((one) => cacheKey(one)));
  assert.equal(keys.size, changed.length);
  assert.ok(!keys.has(cacheKey(parts)));
  assert.equal(cacheKey({ ...parts, inputs: { training: { digest: digestOf('t'), label: 'renamed/training' } } }), cacheKey(parts));
  assert.equal(cacheKey({ ...parts, parameters: { deep: [1, 'a'], epochs: 4 } }), cacheKey(parts));
  for (const one of changed) assert.equal(changedParts(parts, one).length, 1);
});

test('changes are told in a few words', () => {
  const entry = (text: string) => ({ digest: digestOf(text), size: 1 });
  assert.deepEqual(changedFiles({ a: entry('1'), b: entry('2') }, { b: entry('3'), c: entry('4') }), [
    'code a removed',
    'code b changed',
    'code c added',
  ]);
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, entry('x')]));
  assert.equal(changedFiles({}, many).at(-1), 'and 4 more code files');
  assert.deepEqual(changedValues('parameter', { a: 1, b: 'x', gone: 0 }, { a: 2, b: 'x', fresh: 1 }), [
    'parameter a 1 → 2',
    'parameter fresh added',
    'parameter gone removed',
  ]);
  const environment = (lock: string, node: string) =>
    JSON.stringify({ files: { 'package-lock.json': digestOf(lock) }, runtimes: { node } });
  assert.deepEqual(changedEnvironment(environment('a', '26.1.0'), environment('b', '26.2.0')), [
    'environment package-lock.json changed',
    'runtime node 26.1.0 → 26.2.0',
  ]);
});

test('run log lines are read, and what is none says why', () => {
  assert.deepEqual(parseRunLogLine('{"type":"metric","name":"loss","value":0.41,"step":10}'), {
    line: { type: 'metric', name: 'loss', value: 0.41, step: 10 },
  });
  assert.deepEqual(parseRunLogLine('{"type":"tag","name":"a","value":3}'), { line: { type: 'tag', name: 'a', value: '3' } });
  for (const text of [
    '',
    '{',
    '[]',
    '{"type":"metric","name":"loss"}',
    '{"type":"metric","name":"","value":1}',
    '{"type":"other"}',
    '{"type":"metric","name":"x","value":1,"step":1.5}',
  ])
    assert.ok('reason' in parseRunLogLine(text), text);
});

test('a kept run log reads back as it was, also NaN and infinities', () => {
  const name = fc.string({ minLength: 1, maxLength: 20 });
  const plain = { noNullPrototype: true };
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const record: fc.Arbitrary<RunLogRecord> = fc.oneof(
    fc.record({ type: fc.constant('metric' as const), name, value: finite, step: fc.integer() }, plain),
    fc.record({ type: fc.constant('metric' as const), name, value: fc.constantFrom(NaN, Infinity, -Infinity) }, plain),
    fc.record({ type: fc.constant('parameter' as const), name, value: fc.oneof(fc.string(), fc.boolean(), fc.integer()) }, plain),
    fc.record({ type: fc.constant('tag' as const), name, value: fc.string() }, plain),
    fc.record({ type: fc.constant('artifact' as const), name, digest: fc.string().map((text) => digestOf(text)) }, plain),
  );
  fc.assert(
    fc.property(fc.array(record), (records) => assert.deepEqual(readRunLog(renderRunLog(records)), records)),
    { numRuns: 100 },
  );
});

test('a file is followed line by line, however its writes are cut', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-follow-'));
  const path = join(folder, 'log');
  try {
    const follower = followFile(path, 1000);
    assert.deepEqual(await follower.lines(), []);
    const bytes = Buffer.from('één\nzwei\nlast');
    const seen: string[] = [];
    for (const byte of bytes) {
      appendFileSync(path, Buffer.from([byte]));
      seen.push(...(await follower.lines()));
    }
    assert.deepEqual(seen, ['één', 'zwei']);
    assert.deepEqual(await follower.lines('end'), ['last']);
    appendFileSync(path, 'x'.repeat(2000));
    await follower.lines();
    assert.ok(follower.full);
    await follower.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a step sees nothing of the server’s environment but the search path', () => {
  const paths = {
    home: '/h',
    temporary: '/t',
    parameters: '/p',
    runLog: '/r',
    inputs: { 'a-b': '/i' },
    outputs: { c: '/o' },
    nodeModules: undefined,
  };
  assert.deepEqual(Object.keys(stepEnvironment(paths)).sort(), [
    'HOME',
    'LANG',
    'PATH',
    'RIPEN_INPUT_A_B',
    'RIPEN_OUTPUT_C',
    'RIPEN_PARAMETERS',
    'RIPEN_RUN_LOG',
    'TMPDIR',
    'TZ',
  ]);
  assert.equal(variableName('a-b_c'), 'A_B_C');
});
