import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpanWire } from '#tracking/traces/wire.ts';
import { assessCommand, valueOf } from './assess-command.ts';
import { chatMessages } from './messages.ts';
import { previewText } from './preview-text.ts';
import { spanTree, treeMove } from './span-tree.ts';

function span(id: string, parent: string | undefined, at: number, duration?: number): SpanWire {
  return {
    id,
    ...(parent === undefined ? {} : { parent }),
    name: id,
    type: 'UNKNOWN',
    status: 'ok',
    at,
    ...(duration === undefined ? {} : { duration }),
    attributes: {},
    events: [],
    links: [],
  };
}

const spans = [
  span('root', undefined, 0, 100),
  span('late', 'root', 50, 40),
  span('early', 'root', 10, 20),
  span('deep', 'early', 15),
  span('lost', 'gone', 5, 5),
];

test('spans stand below their parents, in the order in which they began', () => {
  const { lines, lengthMs, ticksMs } = spanTree(spans, new Set());
  assert.deepEqual(
    lines.map(({ span: { id }, depth, children }) => [id, depth, children]),
    [
      ['root', 0, 2],
      ['early', 1, 1],
      ['deep', 2, 0],
      ['late', 1, 0],
      ['lost', 0, 0],
    ],
  );
  assert.equal(lengthMs, 100);
  assert.deepEqual(ticksMs, [0, 20, 40, 60, 80, 100]);
  const deep = lines.find(({ span: { id } }) => id === 'deep');
  // It still runs, so it reaches to the end.
  assert.deepEqual([deep?.from, deep?.length], [0.15, 0.85]);
  assert.deepEqual(
    spanTree(spans, new Set(['early'])).lines.map(({ span: { id } }) => id),
    ['root', 'early', 'late', 'lost'],
  );
});

test('spans that are each other’s parents are shown all the same', () => {
  const circle = [span('a', 'b', 0, 1), span('b', 'a', 0, 1)];
  assert.equal(spanTree(circle, new Set()).lines.length, 2);
  assert.deepEqual(spanTree([], new Set()).lines, []);
});

test('keys walk the tree, open it and close it', () => {
  const { lines } = spanTree(spans, new Set());
  assert.deepEqual(treeMove('ArrowDown', lines, 0), { to: 1 });
  assert.deepEqual(treeMove('ArrowUp', lines, 0), { to: 0 });
  assert.deepEqual(treeMove('ArrowRight', lines, 1), { to: 2 });
  assert.deepEqual(treeMove('ArrowLeft', lines, 1), { toggle: 'early' });
  assert.deepEqual(treeMove('ArrowLeft', lines, 2), { to: 1 });
  assert.deepEqual(treeMove('ArrowLeft', lines, 4), undefined);
  assert.deepEqual(treeMove('End', lines, 0), { to: 4 });
  const closed = spanTree(spans, new Set(['early'])).lines;
  assert.deepEqual(treeMove('ArrowRight', closed, 1), { toggle: 'early' });
  assert.equal(treeMove('x', lines, 0), undefined);
});

test('conversations are told from other values', () => {
  assert.deepEqual(chatMessages({ messages: [{ role: 'user', content: 'hi' }] }), [{ role: 'user', text: 'hi' }]);
  assert.deepEqual(chatMessages({ choices: [{ message: { role: 'assistant', content: [{ type: 'text', text: 'a' }, 'b'] } }] }), [
    { role: 'assistant', text: 'a\nb' },
  ]);
  for (const value of ['text', 5, null, [], [1], { messages: [{ role: 1 }] }, { other: true }])
    assert.equal(chatMessages(value), undefined);
});

test('a preview is read without the quotes of JSON', () => {
  assert.deepEqual(['"a\\nb"', '"cut', '{"a":1}', '""', ' ', undefined].map(previewText), [
    'a\nb',
    'cut',
    '{"a":1}',
    undefined,
    undefined,
    undefined,
  ]);
});

test('what was typed is JSON where it is some, and the command says the same', () => {
  assert.deepEqual(['true', '0.5', '"x"', 'well done', '["a"]'].map(valueOf), [true, 0.5, 'x', 'well done', ['a']]);
  const given = { name: 'is right', kind: 'expectation', value: ["it's"], span: 'ab', rationale: undefined } as const;
  const shell = String.raw`ripen traces assess tr-1 --name 'is right' --value '["it'\''s"]' --expected --span ab --project p`;
  assert.equal(assessCommand({ id: 'tr-1', project: 'p' }, given), shell);
});
