import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MlflowError } from '../protocol/mlflow-error.ts';
import { type Comparison, type Filter, parseFilter, parseOrderBy, parseOrderByList } from './index.ts';

function one(filter: string): Omit<Comparison, 'kind' | 'position'> {
  const parsed = parseFilter(filter);
  assert.ok(parsed?.kind === 'comparison', filter);
  const { entity, key, operator, value } = parsed;
  return { entity, key, operator, value };
}

const invalid = (text: RegExp) => (error: unknown) =>
  error instanceof MlflowError && error.errorCode === 'INVALID_PARAMETER_VALUE' && text.test(error.message);

test('a comparison has an entity, a key without quotes, an operator and a value', () => {
  const cases: readonly [string, string | undefined, string, string, Comparison['value']][] = [
    ['metrics.acc > 0.72', 'metrics', 'acc', '>', 0.72],
    ['metrics.acc>-1e-3', 'metrics', 'acc', '>', -0.001],
    ["params.`a b` = 'x'", 'params', 'a b', '=', 'x'],
    ['`params`."a.b" != \'x\'', 'params', 'a.b', '!=', 'x'],
    ["tags.mlflow.parentRunId = 'x'", 'tags', 'mlflow.parentRunId', '=', 'x'],
    ['tags."mlflow.source.type" like "%NOTEBOOK%"', 'tags', 'mlflow.source.type', 'LIKE', '%NOTEBOOK%'],
    ["attributes.status ILike 'fin%'", 'attributes', 'status', 'ILIKE', 'fin%'],
    ["span.attributes.`gen ai`.x RLIKE '^a'", 'span', 'attributes.gen ai.x', 'RLIKE', '^a'],
    ['run_id IN (\'a\', "b",)', undefined, 'run_id', 'IN', ['a', 'b']],
    ["dataset.name not in ('a')", 'dataset', 'name', 'NOT IN', ['a']],
    ['tags.x IS  NOT NULL', 'tags', 'x', 'IS NOT NULL', undefined],
    ['params.x is null', 'params', 'x', 'IS NULL', undefined],
    ['start_time between 1 and 2', undefined, 'start_time', 'BETWEEN', [1, 2]],
    ["`Run name` = 'x'", undefined, 'Run name', '=', 'x'],
    ["run name = 'x'", undefined, 'run name', '=', 'x'],
    ["tags.q = 'it''s'", 'tags', 'q', '=', "it's"],
    [String.raw`tags.q = 'it\'s'`, 'tags', 'q', '=', "it's"],
    [String.raw`tags.q = 'C:\'`, 'tags', 'q', '=', 'C:\\'],
    ["tags.empty = ''", 'tags', 'empty', '=', ''],
    ['metrics.system/gpu-1.load >= 5', 'metrics', 'system/gpu-1.load', '>=', 5],
  ];
  for (const [text, entity, key, operator, value] of cases) assert.deepEqual(one(text), { entity, key, operator, value }, text);
});

test('an empty filter is none; and, or, not and parentheses nest', () => {
  assert.equal(parseFilter(''), undefined);
  assert.equal(parseFilter(' \n '), undefined);
  const shape = (filter: Filter | undefined): unknown => {
    if (filter === undefined || filter.kind === 'comparison') return filter?.key;
    return filter.kind === 'not' ? { not: shape(filter.of) } : { [filter.kind]: filter.of.map(shape) };
  };
  assert.deepEqual(shape(parseFilter('a = 1 AND b = 2 and c = 3')), { and: ['a', 'b', 'c'] });
  assert.deepEqual(shape(parseFilter("a = 1 OR NOT (b = 2 AND c NOT LIKE 'x')")), { or: ['a', { not: { and: ['b', { not: 'c' }] } }] });
});

test('what is not understood is named, at its place', () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'metrics.acc > 0.5;': /^Invalid clause\(s\) in filter string: ';' at character 18: ";" has no meaning here/,
    "name = 'a' XOR name = 'b'": /^Invalid clause\(s\) in filter string: 'XOR/,
    "tags.x = 'open": /the quote ' is never closed/,
    'status = FINISHED': /^Parameter value is either not quoted or unidentified quote types used for string value FINISHED/,
    'status = `FINISHED`': /either single or double quotes/,
    'run_id IN ()': /at least one value/,
    'run_id IN "a"': /"\(" was expected/,
    'tags. = 1': /a name must follow "tags."/,
    'metrics.a LIKE 5': /needs a text/,
    'metrics.a': /a comparison such as/,
    '> 1': /a field such as/,
    [Array.from({ length: 300 }, () => 'a = 1').join(' AND ')]: /more than 200 conditions/,
    [`${'('.repeat(5000)}a = 1`]: /nested more than 50 deep/,
  };
  for (const [text, message] of Object.entries(wrong)) assert.throws(() => parseFilter(text), invalid(message), text.slice(0, 60));
});

test('any text in quotes is only a value, however much it looks like SQL', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom("'; drop table runs; --", "' or '1'='1", '\\', "\\'", '--', '/*')), (text) => {
      fc.pre(!text.endsWith('\\') && !text.includes("\\'"));
      assert.equal(one(`params.x = '${text.replaceAll("'", "''")}'`).value, text);
      fc.pre(text !== '' && !text.includes('\\'));
      assert.equal(one(`params.\`${text.replaceAll('`', '``')}\` = 'x'`).key, text);
    }),
  );
});

test('a list of many thousand values is read at once', () => {
  const started = performance.now();
  const ids = Array.from({ length: 9000 }, (_, index) => `'${index.toString(16).padStart(32, '0')}'`);
  assert.equal([one(`run_id IN (${ids.join(', ')})`).value].flat().length, 9000);
  assert.ok(performance.now() - started < 500);
});

test('an order term is a field with a direction', () => {
  assert.deepEqual(parseOrderBy('metrics.`val loss` DESC'), { entity: 'metrics', key: 'val loss', ascending: false });
  assert.deepEqual(parseOrderBy('start_time'), { entity: undefined, key: 'start_time', ascending: true });
  assert.deepEqual(parseOrderBy(' attributes."Created" asc '), { entity: 'attributes', key: 'Created', ascending: true });
  for (const wrong of ['', 'start_time sideways', 'a, b', 'metrics.', 'a desc desc', "'a'", 'x'.repeat(2000)])
    assert.throws(() => parseOrderBy(wrong), invalid(/^Invalid order_by clause/), wrong);
  assert.throws(() => parseOrderByList(['metrics.a', 'metrics.`a` DESC']), invalid(/duplicate fields/));
});

test('no text whatever does more than be refused', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'metrics.',
      'a',
      'and',
      'or',
      'not',
      '(',
      ')',
      '=',
      "'x'",
      '"',
      '`',
      '`b`',
      '.',
      '1',
      'in',
      'is',
      'null',
      'between',
      ',',
      'run',
      'name',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), fc.constantFrom('', ' '), (pieces, gap) => {
      for (const parse of [parseFilter, parseOrderBy]) {
        try {
          parse(pieces.join(gap));
        } catch (error) {
          assert.ok(error instanceof MlflowError, String(error));
        }
      }
    }),
    { numRuns: 200 },
  );
});
