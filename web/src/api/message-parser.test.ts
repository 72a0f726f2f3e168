import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMessageParser } from './message-parser.ts';

const stream =
  ': open\n\nid: 7\nevent: run.started\ndata: {"a":1}\n\r\n: still here\n\nid:8\r\ndata: two\r\ndata: lines\r\n\r\ndata: unfinished';
const messages = [
  { id: '7', event: 'run.started', data: '{"a":1}' },
  { id: '8', event: undefined, data: 'two\nlines' },
];

test('a stream is read the same wherever its pieces end', () => {
  assert.deepEqual(createMessageParser()(stream), messages);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const parse = createMessageParser();
      assert.deepEqual(
        places.flatMap((place, index) => parse(stream.slice(place, places[index + 1]))),
        messages,
      );
    }),
  );
});
