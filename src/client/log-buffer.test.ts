import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLogBuffer } from './log-buffer.ts';
import { batchLength, bodyOf, checkedParameters, type LogEntry, nothing, pointsOf } from './log-entry.ts';
import { RipenRequestError } from './request-error.ts';

const point = (step: number): LogEntry => ({ ...nothing, points: pointsOf({ loss: step }, { step }, 0) });
const stepsOf = (entries: readonly LogEntry[]) => entries.flatMap(({ points }) => points.map(({ step }) => step ?? 0));
const failure = (code: string, status: number) => new RipenRequestError({ code, message: code, status });

test('whatever fails when: all that is accepted arrives, in order, and all that is refused is told', async () => {
  const fate = fc.constantFrom('kept' as const, 'lost' as const, 'unheard' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 40 }), fc.uniqueArray(fc.nat(59)), fc.nat(5), async (fates, bad, rhythm) => {
      const kept: number[] = [];
      const buffer = createLogBuffer({
        waitMs: 0,
        most: 7,
        async send(entries) {
          await turn();
          const next = fates.shift() ?? 'kept';
          const steps = stepsOf(entries);
          if (next !== 'lost' && steps.some((step) => bad.includes(step))) throw failure('tracking.refused', 400);
          if (next !== 'lost') kept.push(...steps);
          if (next !== 'kept') throw failure('client.unreachable', 0);
        },
      });
      const told: string[] = [];
      const flush = async (): Promise<void> => {
        while (buffer.waiting > 0 || told.length < bad.length) {
          const error = await buffer.flush().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (!(error instanceof RipenRequestError)) break;
          if (error.code === 'client.not-logged') told.push(...(error.details?.['refused'] as string[]));
        }
      };
      for (let step = 0; step < 60; step++) {
        await buffer.add(point(step));
        if (rhythm > 0 && step % rhythm === 0) await turn();
      }
      await flush();
      const good = Array.from({ length: 60 }, (_, step) => step).filter((step) => !bad.includes(step));
      // An answer that was not heard makes it come again; the server knows it then.
      assert.deepEqual([...new Set(kept)], good);
      assert.equal(told.length, bad.length);
      assert.equal(buffer.waiting, 0);
    }),
    { numRuns: 60 },
  );
});

test('a flush ends although more is added all the time', async () => {
  const buffer = createLogBuffer({ waitMs: 0, most: 1000, send: () => turn() });
  let step = 0;
  const over = new AbortController();
  const producer = (async () => {
    while (!over.signal.aborted) {
      void buffer.add(point(step++));
      await turn();
    }
  })();
  await buffer.flush();
  await buffer.flush();
  over.abort();
  await producer;
  await buffer.flush();
  assert.equal(buffer.waiting, 0);
});

test('one request holds what the server takes, and never two values of one parameter', () => {
  const many = Array.from({ length: 3000 }, (_, step) => point(step));
  assert.equal(batchLength(many), 1000);
  const long = Array.from({ length: 10 }, (_, index) => ({ ...nothing, tags: { [`tag ${index}`]: 'x'.repeat(1024 * 1024) } }));
  assert.equal(batchLength(long), 2);
  const depth = (value: number) => ({ ...nothing, parameters: { depth: value } });
  assert.equal(batchLength([depth(1), depth(1), point(0), depth(2), depth(2)]), 3);
  assert.deepEqual(bodyOf([depth(1), { ...nothing, tags: { a: '1' } }, { ...nothing, tags: { a: null } }]), {
    metrics: [],
    parameters: { depth: 1 },
    tags: { a: null },
  });
});

test('a call with thousands of metrics goes out in parts', async () => {
  const sizes: number[] = [];
  const buffer = createLogBuffer({
    waitMs: 0,
    most: 100_000,
    async send(entries) {
      sizes.push(entries.flatMap(({ points }) => points).length);
    },
  });
  void buffer.add({ ...nothing, points: pointsOf(Object.fromEntries(Array.from({ length: 4500 }, (_, n) => [`m${n}`, n])), {}, 0) });
  await buffer.flush();
  assert.deepEqual(sizes, [1000, 1000, 1000, 1000, 500]);
});

test('values that JSON does not know are spelled, and what is no value is refused', () => {
  assert.deepEqual(
    pointsOf({ a: NaN, b: -Infinity }, { time: new Date(5) }, 0).map(({ value, time }) => [value, time]),
    [
      ['NaN', 5],
      ['-Infinity', 5],
    ],
  );
  assert.deepEqual(checkedParameters({ a: Infinity, b: '', c: false }), { a: 'Infinity', b: '', c: false });
  // As a program without types would.
  assert.throws(() => checkedParameters({ a: 1n } as unknown as Record<string, number>), TypeError);
  assert.throws(() => pointsOf({ a: 1 }, { step: NaN }, 0), TypeError);
});
