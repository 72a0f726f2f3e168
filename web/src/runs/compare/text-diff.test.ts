import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines, foldSame } from './text-diff.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }).map((lines) => lines.join('\n'));

test('a difference leads from one text to the other and keeps what is common', () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      const lines = diffLines(left, right);
      const side = (drop: string) => lines.flatMap((line) => (line.kind === drop ? [] : [line.text])).join('\n');
      assert.equal(side('added'), left);
      assert.equal(side('removed'), right);
    }),
  );
});

test('one changed line among many is one line removed and one added, with its numbers', () => {
  const left = Array.from({ length: 50 }, (_, line) => `line ${line}`);
  const right = left.with(20, 'other');
  const changed = diffLines(left.join('\n'), right.join('\n')).filter(({ kind }) => kind !== 'same');
  assert.deepEqual(changed, [
    { kind: 'removed', text: 'line 20', left: 21, right: undefined },
    { kind: 'added', text: 'other', left: undefined, right: 21 },
  ]);
});

test('the script is the shortest one', () => {
  const lines = diffLines('a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc');
  assert.equal(lines.filter(({ kind }) => kind !== 'same').length, 5);
});

test('equal stretches are folded, ends of lines of either system are the same', () => {
  const long = Array.from({ length: 20 }, (_, line) => `${line}`);
  const folded = foldSame(diffLines(long.join('\n'), long.with(10, 'x').join('\r\n')));
  assert.deepEqual(folded.map((line) => (line.kind === 'gap' ? `… ${line.count}` : line.kind[0])).join(' '), '… 7 s s s r a s s s … 6');
  assert.deepEqual(foldSame(diffLines('a', 'a')), [{ kind: 'gap', count: 1 }]);
  assert.deepEqual(diffLines('', ''), []);
});

test('two great files that differ everywhere are told apart without a search', () => {
  const left = Array.from({ length: 3000 }, (_, line) => `l${line}`).join('\n');
  const right = Array.from({ length: 3000 }, (_, line) => `r${line}`).join('\n');
  assert.equal(diffLines(left, right).length, 6000);
});
