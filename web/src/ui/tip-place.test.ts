import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeTip } from './tip-place.ts';

const view = { width: 400, height: 300 };
const tip = { width: 100, height: 24 };

test('a tip stands centred below its target', () => {
  assert.deepEqual(placeTip({ left: 100, top: 40, width: 40, height: 20 }, tip, view), { left: 70, top: 66 });
});

test('a tip turns up at the lower edge and stays inside at the sides', () => {
  assert.deepEqual(placeTip({ left: 380, top: 270, width: 20, height: 20 }, tip, view), { left: 292, top: 240 });
  assert.deepEqual(placeTip({ left: 0, top: 40, width: 10, height: 20 }, tip, view), { left: 8, top: 66 });
});
