import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { createProgress } from './progress.ts';

test('without a terminal each task leaves one plain line with its result and duration', async () => {
  const lines: string[] = [];
  let time = 0;
  const progress = createProgress({ write: (text: string) => lines.push(text) }, () => time);
  progress.chapter('Data');
  await progress.task('Load January', async (task) => {
    task.update({ done: 5, total: 10 });
    time += 1200;
    task.result('491,000 rows');
  });
  await assert.rejects(
    progress.task('Load nothing', async () => {
      throw new Error('no file');
    }),
  );
  const text = stripVTControlCharacters(lines.join(''));
  assert.match(text, /\nData\n {2}✔ Load January +1\.2 s {2}491,000 rows\n {2}✖ Load nothing +0 ms {2}failed\n$/);
  assert.ok(!text.includes('\r'));
});

test('in a terminal the line moves and is replaced by its end', async () => {
  const written: string[] = [];
  const progress = createProgress({ write: (text: string) => written.push(text), isTTY: true, columns: 80 });
  await progress.task('Load', async (task) => {
    task.update({ done: 1, total: 2, unit: 'files' });
    await new Promise((resolve) => setTimeout(resolve, 150));
  });
  assert.ok(written.some((text) => text.includes('50 %')));
  assert.ok(written.at(-1)?.startsWith('\r\x1b[2K'));
});
