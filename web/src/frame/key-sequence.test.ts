import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from './key-sequence.ts';

const press = (key: string, more: { command?: boolean; inField?: boolean } = {}) => ({ key, command: false, inField: false, ...more });

test('g and a letter go to a room', () => {
  assert.deepEqual(meaningOf(press('g'), false), { kind: 'prefix' });
  assert.deepEqual(meaningOf(press('l'), true), { kind: 'room', key: 'l' });
  assert.equal(meaningOf(press('l'), false), undefined);
});

test('keys typed into a field are text, except Ctrl-K', () => {
  assert.equal(meaningOf(press('?', { inField: true }), false), undefined);
  assert.equal(meaningOf(press('l', { inField: true }), true), undefined);
  assert.deepEqual(meaningOf(press('K', { command: true, inField: true }), false), { kind: 'palette' });
});
