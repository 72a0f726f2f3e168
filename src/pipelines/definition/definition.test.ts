import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RipenError } from '#kernel/errors.ts';
import type { DefinitionProblem } from '../errors.ts';
import { parseDuration } from './duration.ts';
import { dependencies, findCycle } from './graph.ts';
import { readDefinition } from './read-definition.ts';

const flights = `
project: flights
pipelines:
  train:
    description: Trains the delay model
    parameters: { epochs: 4, shuffle_labels: false, month: '2001-01' }
    triggers:
      - on: alert.fired
        where: { severity: critical }
      - { cron: '0 6 * * 1', zone: Europe/Berlin, parameters: { epochs: 8 } }
    steps:
      prepare:
        command: node steps/prepare.ts
        code: [./steps/prepare.ts, contracts/]
        inputs: { flights: dataset:flights, airports: dataset:airports@2 }
        parameters: [month]
        outputs: { training: training.parquet, statistics: out/statistics.json }
        publishes:
          - { output: training, dataset: training-set, mode: replace, contract: contracts/training.yaml }
        timeout: 2m
        retries: 1
      train:
        command: node steps/train.ts
        inputs: { training: prepare/training }
        outputs: { model: model.onnx }
        tracked: true
        after: [prepare]
    registers:
      model: flight-delay
      files: { model.onnx: train/model }
deployments:
  flight-delay: { anything: [goes] }
`;

test('a whole definition is read', () => {
  const { project, pipelines } = readDefinition(flights);
  assert.equal(project, 'flights');
  const [train] = pipelines;
  const [prepare] = train?.steps ?? [];
  assert.deepEqual(prepare, {
    name: 'prepare',
    description: undefined,
    command: 'node steps/prepare.ts',
    code: ['steps/prepare.ts', 'contracts'],
    parameters: ['month'],
    inputs: {
      flights: { kind: 'dataset', dataset: 'flights', snapshot: undefined },
      airports: { kind: 'dataset', dataset: 'airports', snapshot: 2 },
    },
    outputs: { training: 'training.parquet', statistics: 'out/statistics.json' },
    publishes: [{ output: 'training', dataset: 'training-set', mode: 'replace', contract: 'contracts/training.yaml' }],
    after: [],
    tracked: false,
    cache: true,
    timeoutMs: 120_000,
    retries: 1,
    backoffMs: 1000,
  });
  assert.deepEqual(train?.triggers[1], { kind: 'schedule', cron: '0 6 * * 1', zone: 'Europe/Berlin', parameters: { epochs: 8 } });
  assert.deepEqual(train.registers, { model: 'flight-delay', files: { 'model.onnx': { step: 'train', output: 'model' } } });
  assert.deepEqual(dependencies(train.steps).get('train'), ['prepare']);
});

const wrong: readonly (readonly [name: string, text: string, line: number, column: number, problem: RegExp])[] = [
  [
    'a misspelt key names the nearest',
    'pipelines:\n  a:\n    steps:\n      s: { comand: x }',
    4,
    12,
    /"comand" is not known in pipelines\.a\.steps\.s; did you mean "command"/,
  ],
  ['a step without a command', 'pipelines:\n  a:\n    steps:\n      s: { timeout: 5m }', 4, 7, /needs a command/],
  ['a pipeline without steps', 'pipelines:\n  a: {}', 2, 3, /has no steps/],
  [
    'an unknown step',
    'pipelines:\n  a:\n    steps:\n      prepare: { command: x, outputs: { o: o.txt } }\n      s: { command: x, inputs: { i: prepar/o } }',
    5,
    37,
    /no step "prepar"; did you mean "prepare"/,
  ],
  [
    'an unknown output',
    'pipelines:\n  a:\n    steps:\n      p: { command: x, outputs: { model: o.txt } }\n      s: { command: x, inputs: { i: p/modle } }',
    5,
    37,
    /no output "modle"; did you mean "model"/,
  ],
  [
    'an unknown parameter',
    'pipelines:\n  a:\n    parameters: { epochs: 1 }\n    steps:\n      s: { command: x, parameters: [epoch] }',
    5,
    37,
    /no parameter "epoch"; did you mean "epochs"/,
  ],
  [
    'a bad duration',
    'pipelines:\n  a:\n    steps:\n      s:\n        command: x\n        timeout: 5 minutes',
    6,
    18,
    /"5 minutes" is no duration/,
  ],
  [
    'a number as duration',
    'pipelines:\n  a:\n    steps:\n      s:\n        command: x\n        timeout: 5',
    6,
    18,
    /must be a text; put it in quotes/,
  ],
  [
    'two outputs in one place',
    'pipelines:\n  a:\n    steps:\n      s: { command: x, outputs: { a: o, b: ./o } }',
    4,
    44,
    /"a" and "b" are both written to o/,
  ],
  ['a key twice', 'pipelines:\n  a:\n    steps:\n      s: { command: x }\n      s: { command: y }', 5, 7, /unique/],
  ['an output outside', 'pipelines:\n  a:\n    steps:\n      s: { command: x, outputs: { a: ../o } }', 4, 38, /without "\.\."/],
  [
    'a cycle',
    'pipelines:\n  a:\n    steps:\n      s: { command: x, after: [t] }\n      t: { command: y, after: [s] }',
    4,
    7,
    /circle: s -> t -> s/,
  ],
  [
    'an unknown event',
    'pipelines:\n  a:\n    triggers: [{ on: alert.fire }]\n    steps: { s: { command: x } }',
    3,
    22,
    /did you mean "alert\.fired"/,
  ],
  ['a bad cron', "pipelines:\n  a:\n    triggers: [{ cron: '61 * * * *' }]\n    steps: { s: { command: x } }", 3, 24, /is no schedule/],
  ['a misspelt section', 'pipeline:\n  a: {}', 1, 1, /did you mean "pipelines"/],
  ['broken YAML', 'pipelines:\n  a: "x', 2, 8, /quote/],
  ['a list for a map', 'pipelines: [a]', 1, 12, /must be a map/],
  [
    'a clash of variables',
    'pipelines:\n  a:\n    steps:\n      s: { command: x, outputs: { a-b: o, a_b: p } }',
    4,
    43,
    /one environment variable/,
  ],
];

for (const [name, text, line, column, problem] of wrong)
  test(`${name} is told with its line and column`, () => {
    const problems = problemsOf(text);
    const match = problems.find((candidate) => problem.test(candidate.problem));
    assert.deepEqual({ line: match?.line, column: match?.column }, { line, column }, JSON.stringify(problems));
  });

test('every problem is told at once', () => {
  assert.equal(problemsOf('pipelines:\n  A: { steps: { s: { comand: x } } }\n  b: { steps: { s: { command: [] } } }').length, 4);
});

test('any text is either read or refused with places, never with another error', () => {
  const lines = flights.split('\n');
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.string({ maxLength: 12 }), fc.nat(40), (index, insert, at) => {
      const line = lines[index] ?? '';
      const text = [...lines.slice(0, index), line.slice(0, at) + insert + line.slice(at), ...lines.slice(index + 1)].join('\n');
      try {
        readDefinition(text);
      } catch (error) {
        assert.ok(error instanceof RipenError && error.code === 'pipelines.definition-invalid', String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test('an empty file declares no pipelines', () => {
  assert.deepEqual(readDefinition(''), { project: undefined, pipelines: [] });
});

test('durations', () => {
  assert.equal(parseDuration('1h30m'), 5_400_000);
  assert.equal(parseDuration('250ms'), 250);
  assert.equal(parseDuration('1.5s'), 1500);
  for (const text of ['', '5', 'm', '-5m', '5 m', '0s', '9999d']) assert.equal(parseDuration(text), undefined, text);
});

test('a step that reads a dataset waits for the step that publishes it', () => {
  const { pipelines } = readDefinition(`
pipelines:
  a:
    steps:
      use: { command: x, inputs: { d: dataset:pears } }
      pinned: { command: x, inputs: { d: dataset:pears@1 } }
      load: { command: x, outputs: { o: o.csv }, publishes: [{ output: o, dataset: pears }] }
`);
  const before = dependencies(pipelines[0]?.steps ?? []);
  assert.deepEqual(before.get('use'), ['load']);
  assert.deepEqual(before.get('pinned'), []);
  assert.equal(findCycle(before), undefined);
});

function problemsOf(text: string): readonly DefinitionProblem[] {
  try {
    readDefinition(text);
  } catch (error) {
    assert.ok(error instanceof RipenError);
    return error.details?.['problems'] as readonly DefinitionProblem[];
  }
  return assert.fail('no problem was found');
}
