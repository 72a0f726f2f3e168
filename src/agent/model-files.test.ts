import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf } from '#kernel/objects/index.ts';
import { openModelFiles } from './model-files.ts';

test('a model file is fetched once, checked, and fetched again when it was damaged', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ripen-models-'));
  try {
    const content = Buffer.from('the weights');
    const digest = digestOf(content);
    let served: Buffer = Buffer.from('other bytes');
    let fetches = 0;
    const controlPlane = {
      async object() {
        fetches++;
        return (async function* () {
          yield served;
        })();
      },
    };
    const files = openModelFiles(directory, controlPlane);
    await assert.rejects(files.path(digest), /came as sha256:/);
    assert.deepEqual(readdirSync(directory), [], 'nothing stays of wrong bytes');
    served = content;
    const path = await files.path(digest);
    assert.equal(readFileSync(path, 'utf8'), 'the weights');
    await files.path(digest);
    assert.equal(fetches, 2);
    appendFileSync(path, '!');
    assert.equal(readFileSync(await openModelFiles(directory, controlPlane).path(digest), 'utf8'), 'the weights');
    await files.keepOnly(new Set());
    assert.deepEqual(readdirSync(directory), []);
    await assert.rejects(files.path('../../etc/passwd'), /is not a digest/);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
