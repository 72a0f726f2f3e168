import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearRegexp } from './linear-regexp.ts';

test('a pattern takes time in proportion to the text, whatever it says', () => {
  const text = `${'a'.repeat(20_000)}!`;
  const started = performance.now();
  for (const pattern of ['^(a|a)*$', '^(a+)+$', '^(a|aa)+$', 'a*a*a*a*a*b', '(.*?,){11}P'])
    assert.equal(linearRegexp(pattern).test(text), false, pattern);
  assert.ok(performance.now() - started < 5000);
});

test('usual patterns find what they always find', () => {
  for (const [pattern, text, found] of [
    ['^tr-.*(foo|bar)$', 'tr-1 bar', true],
    ['\\berror\\b', 'an error, here', true],
    ['\\d{2,4}', 'a1b', false],
    ['é+|日本', 'in 日本', true],
    ['a/b\\\\p', 'a/b\\p', true],
  ] as const)
    assert.equal(linearRegexp(pattern).test(text), found, pattern);
});

test('what cannot be linear, or is no pattern, is refused with the reason', () => {
  for (const pattern of ['(?=a)a', '(a)\\1', '\\p{L}', 'a{1000}', '[', 'a{2,1}', '\\k<x>'])
    assert.throws(() => linearRegexp(pattern), { name: 'SyntaxError', message: /Invalid regular expression/ }, pattern);
});
