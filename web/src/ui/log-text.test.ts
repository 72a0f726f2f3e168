import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLine } from './log-text.ts';

test('a log line loses colours, links and titles', () => {
  assert.equal(plainLine('\u001B[32mok\u001B[0m \u001B]8;;http://x\u001B\\link\u001B]8;;\u001B\\'), 'ok link');
  assert.equal(plainLine('\u001B]0;title\u0007text\u001B[2K'), 'text');
});

test('a line overwritten in place shows its last state', () => {
  assert.equal(plainLine('10 %\r50 %\r100 %\r'), '100 %');
  assert.equal(plainLine('plain [0m text'), 'plain [0m text');
});
