import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { exampleOf } from './command.ts';
import { createProgram } from './program.ts';
import { renderReference } from './render-reference.ts';

const nothing = { write: () => true };
const all = () =>
  createProgram(
    {
      environment: {},
      directory: '/',
      out: nothing,
      err: nothing,
      composition: () => Promise.reject(new Error('no command runs here')),
      exit: () => {},
    },
    'all',
  );

const leaves = (command: Command): Command[] => {
  const below = command.commands.flatMap(leaves);
  return below.length === 0 || exampleOf(command) !== undefined ? [command, ...below] : below;
};

test('every command has an example, which is a command line that the program takes', async () => {
  const program = await all();
  for (const command of program.commands.flatMap(leaves)) {
    const example = exampleOf(command);
    assert.ok(example !== undefined, `${command.name()} has no example`);
    const words: string[] = example.replace(/^(?:[A-Z_]+=\S+ )+/, '').match(/"[^"]*"|\S+/g) ?? [];
    assert.equal(words[0], 'ripen');
    const names: string[] = [];
    for (let each: Command | null = command; each !== null; each = each.parent) names.unshift(each.name());
    assert.deepEqual(words.slice(0, names.length), names, example);
    const { unknown } = command.parseOptions(words.slice(names.length, words.includes('--') ? words.indexOf('--') : undefined));
    assert.deepEqual(unknown, [], example);
  }
});

test('docs/cli.md is what the program says', async () => {
  const file = join(import.meta.dirname, '../../docs/cli.md');
  const page = renderReference(await all());
  if (process.env['RIPEN_TEST_WRITE_DOCS'] !== undefined) writeFileSync(file, page);
  assert.equal(readFileSync(file, 'utf8'), page, 'Run this test with RIPEN_TEST_WRITE_DOCS=1 to write the page anew.');
});
