import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { RipenError } from '#kernel/errors.ts';
import { parseMonitorDeclaration } from '#monitoring/index.ts';
import { parseDeploymentSpec } from '#serving/index.ts';
import { readDeployments } from './deployment-file.ts';
import { defaultGateRules } from './gates/gate-rules.ts';

const read = (text: string) => readDeployments(text, { sections: [] });

function problems(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof RipenError && error.code === 'delivery.deployments-invalid', String(error));
    // As the error declares them.
    const found = error.details?.['problems'] as readonly { line: number; column: number; path: string; problem: string }[];
    return found.map(({ line, column, path, problem }) => `${line}:${column} ${path}: ${problem}`);
  }
  return [];
}

test('a deployment without a word on gates is held to the defaults', () => {
  const [deployment] = read('deployments:\n  delay: { model: flight-delay, owner: someone }\n');
  assert.deepEqual(deployment?.delivery, {
    gates: { ...defaultGateRules, limits: [] },
    approvals: { needed: 0, authorMayApprove: false },
    release: 'manual',
  });
  assert.deepEqual([deployment.name, deployment.model, deployment.declaration['owner']], ['delay', 'flight-delay', 'someone']);
  assert.deepEqual([read(''), read('project: x'), read('deployments:')], [[], [], []]);
});

test('every wrong place is named by line, column and path, with the nearest right key', () => {
  const text = `deployments:
  delay:
    model: flight-delay
    gates:
      minimum_acu: 0.6
      slices: { by: [hour], minimum_rows: 10, minimum_auc: 2, flor: 1 }
    approvals: { need: 1 }
    release: sometimes
  other: 7
`;
  assert.deepEqual(
    problems(text),
    [
      '5:7 deployments.delay.gates.minimum_acu: there is no such key; did you mean "minimum_auc"?',
      '6:47 deployments.delay.gates.slices.minimum_auc: Too big: expected number to be <=1',
      '6:63 deployments.delay.gates.slices.flor: there is no such key; did you mean "floors"?',
      '7:18 deployments.delay.approvals.need: there is no such key; did you mean "needed"?',
      '7:5 deployments.delay.approvals.needed: Invalid input: expected number, received undefined',
      '8:5 deployments.delay.release: Invalid option: expected one of "manual"|"automatic"',
      '9:3 deployments.other: must be a map; it needs at least the model that it serves',
    ].toSorted((a, b) => Number(a.split(':')[0]) - Number(b.split(':')[0]) || Number(a.split(/[: ]/)[1]) - Number(b.split(/[: ]/)[1])),
  );
  assert.match(problems('deployments:\n  a: [1\n')[0] ?? '', /^\d+:\d+ ripen\.yaml: /);
  assert.deepEqual(problems('deployments: 3'), ['1:14 deployments: must be a map of names to deployments']);
  assert.deepEqual(problems('deployments:\n  a: {}'), ['2:3 deployments.a.model: must name the model that it serves']);
});

test('the parsers of other modules speak with the lines of the file', () => {
  const complain = (): never => {
    throw new RipenError({
      code: 'serving.spec-invalid',
      kind: 'input',
      message: 'x',
      details: {
        problems: [
          { path: 'canary.1', problem: 'must rise' },
          { path: '(the entry itself)', problem: 'odd' },
        ],
      },
    });
  };
  const text = 'deployments:\n  a:\n    model: m\n    canary:\n      - 5\n      - 2\n';
  assert.throws(
    () => readDeployments(text, { sections: [complain] }),
    /line 2, column 3, deployments\.a: odd; line 6, column 9, deployments\.a\.canary\.1: must rise/,
  );
});

test('the template declares a deployment that serving, monitoring and delivery can read', () => {
  const path = fileURLToPath(new URL('../../templates/onnx-typescript/ripen.yaml', import.meta.url));
  const sections = [parseDeploymentSpec, parseMonitorDeclaration];
  const [deployment] = readDeployments(readFileSync(path, 'utf8'), { file: path, sections });
  assert.equal(deployment?.delivery.release, 'automatic');
});

test('whatever stands in the file, it is read or refused with its places', () => {
  const sections = [parseDeploymentSpec, parseMonitorDeclaration];
  const refusedOrRead = (text: string): void => {
    try {
      readDeployments(text, { sections });
    } catch (error) {
      assert.ok(
        error instanceof RipenError && error.code === 'delivery.deployments-invalid',
        `${String(error)} for ${JSON.stringify(text)}`,
      );
    }
  };
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}1]`),
  ];
  for (const text of [
    'deployments: { a: *nowhere }',
    'deployments: &loop { a: *loop }',
    `${bomb.join('\n')}\ndeployments: { a: { model: m, owner: *i } }`,
    'deployments: { ? [a, b] : { model: m } }',
    'deployments: { 1: { model: m } , null: null, "": {} }',
    'deployments: { __proto__: { model: m } }',
    'deployments: !!binary aGVsbG8=',
    '--- a\n--- b\n',
    '\uFEFFdeployments: {}',
  ]) {
    refusedOrRead(text);
  }
  const keys = fc.constantFrom(
    'model',
    'gates',
    'slices',
    'approvals',
    'release',
    'canary',
    'monitoring',
    'alerts',
    'drift',
    'needed',
    'x',
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(1, 'a', null, true, -1e300, ''),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(keys, tie('node'), { maxKeys: 5 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (entry) => refusedOrRead(JSON.stringify({ deployments: { a: entry } }))),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => refusedOrRead(`deployments:\n  ${text}`)),
    { numRuns: 300 },
  );
});
