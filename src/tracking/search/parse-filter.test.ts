import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RipenError } from '#kernel/errors.ts';
import { parseOrder } from './order.ts';
import { parseFilter } from './parse-filter.ts';

test('and binds closer than or, not closer than both', () => {
  const compare = (name: string) => ({ kind: 'compare', field: { kind: 'metric', name }, operator: '>', value: 1 });
  assert.deepEqual(parseFilter('metrics.a > 1 or metrics.b > 1 and not metrics.c > 1'), {
    kind: 'or',
    of: [compare('a'), { kind: 'and', of: [compare('b'), { kind: 'not', of: compare('c') }] }],
  });
});

test('names may hold dots, slashes, dashes, quotes and any letters', () => {
  const nameIn = (filter: string) => {
    const condition = parseFilter(filter);
    return condition?.kind === 'compare' && condition.field.name;
  };
  assert.equal(nameIn('metrics.system/gpu-1.load > 1'), 'system/gpu-1.load');
  assert.equal(nameIn('params.`a b` = 1'), 'a b');
  assert.equal(nameIn('params."say ""hi""" = 1'), 'say "hi"');
  assert.equal(nameIn('tags.größe = 1'), 'größe');
  assert.equal(nameIn('tags.mlflow.parentRunId = "x"'), 'mlflow.parentRunId');
});

test('an error tells the place', () => {
  assert.throws(() => parseFilter('metrics.auc > 0.6 & x'), /at character 19: "&" has no meaning here/);
  assert.throws(() => parseFilter("state = 'a"), /at character 9: the quote ' is never closed/);
  assert.throws(() => parseFilter('sate = 1'), /"sate" is no attribute; known are id, name, state/);
});

test('an order is a field and a direction', () => {
  assert.deepEqual(parseOrder(' metrics.auc DESC '), [{ field: { kind: 'metric', name: 'auc' }, descending: true }]);
  assert.deepEqual(parseOrder('params."learning rate", startedAt desc'), [
    { field: { kind: 'parameter', name: 'learning rate' }, descending: false },
    { field: { kind: 'attribute', name: 'startedAt' }, descending: true },
  ]);
});

function readOrRefuse(text: string): void {
  for (const parse of [parseFilter, parseOrder]) {
    try {
      parse(text);
    } catch (error) {
      assert.ok(error instanceof RipenError && /^tracking\.(filter|order)-invalid$/.test(error.code), String(error));
    }
  }
}

test('long texts are refused or read at once', () => {
  const started = performance.now();
  for (const filler of [' ', '"', "'", '""', '(', 'a', '1', 'not ', 'a.']) {
    for (const text of [filler.repeat(9000), `name${filler.repeat(5000)}x desc`, `metrics."${filler.repeat(4000)}`]) {
      readOrRefuse(text);
    }
  }
  assert.ok(performance.now() - started < 2000);
});

test('no text whatever does more than be refused', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'metrics.',
      'params.a',
      'and',
      'or',
      'not',
      '(',
      ')',
      '=',
      '>',
      "'x'",
      '"',
      '`',
      '1',
      '1e9',
      'in',
      'like',
      'is',
      'null',
      'between',
      ',',
      'state',
      '-inf',
    ),
    fc.string({ maxLength: 5 }),
    fc.constantFrom('\0', '\ud800', 'ß', '日本', '🍐', '\u2028'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
      readOrRefuse(pieces.join(' '));
    }),
    { numRuns: 500 },
  );
});
