import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlots } from './slots.ts';

test('slots are given in turn, never more than there are, and back only once', async () => {
  const slots = createSlots(2);
  const never = new AbortController().signal;
  const first = await slots.take(never);
  await slots.take(never);
  const order: number[] = [];
  const third = slots.take(never).then((release) => (order.push(3), release));
  const leaving = new AbortController();
  const fourth = slots.take(leaving.signal);
  const fifth = slots.take(never).then((release) => (order.push(5), release));
  leaving.abort(new Error('left'));
  await assert.rejects(fourth, /left/);
  assert.deepEqual(order, []);
  first();
  first();
  await third;
  assert.deepEqual(order, [3]);
  (await third)();
  await fifth;
  await assert.rejects(slots.take(leaving.signal), /left/);
});
