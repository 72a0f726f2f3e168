import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

test('docs/errors.md has every declared error', () => {
  // In a process of its own: tests of other files declare errors too.
  const script = "import { errorPage } from '#dev/error-page.ts'; process.stdout.write(await errorPage());";
  const page = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
  assert.equal(readFileSync(join(root, 'docs/errors.md'), 'utf8'), page, 'run: node bin/ripen.mjs dev errors');
});
