import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '#kernel/clock.ts';
import { countingIds } from '#kernel/ids.ts';
import { openSpool, type SpoolOptions } from './spool.ts';

const to = { project: 'shop', deployment: 'prices' };

function withDirectory(body: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'ripen-spool-'));
  try {
    body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function open(directory: string, more: Partial<SpoolOptions> = {}) {
  const clock = manualClock();
  return { clock, spool: openSpool({ directory, clock, ids: countingIds(), ...more }) };
}

test('segments are completed by age and by size, and go in their order', () =>
  withDirectory((directory) => {
    const { clock, spool } = open(directory, { segmentBytes: 10 });
    spool.append(to, 'one');
    spool.seal();
    assert.equal(spool.sealed().length, 0);
    clock.advance(2000);
    spool.seal();
    spool.append(to, 'a long line');
    spool.append({ ...to, deployment: 'other' }, 'x');
    assert.deepEqual(
      spool.sealed().map(({ path }) => readFileSync(path, 'utf8')),
      ['one\n', 'a long line\n'],
    );
    for (const segment of spool.sealed().slice()) spool.remove(segment);
    assert.deepEqual(readdirSync(join(directory, 'shop', 'prices')), []);
  }));

test('what a killed agent left is found again, without its torn last line', () =>
  withDirectory((directory) => {
    const first = open(directory).spool;
    first.append(to, '{"id":1}');
    first.append(to, '{"id":2}');
    const [name = ''] = readdirSync(join(directory, 'shop', 'prices'));
    appendFileSync(join(directory, 'shop', 'prices', name), `{"id":3,"city":"${'x'.repeat(200_000)}`);
    const folder = join(directory, 'shop', 'torn');
    mkdirSync(folder);
    writeFileSync(join(folder, `${'0'.repeat(31)}9.open`), '{"id"');
    const [segment, ...rest] = open(directory).spool.sealed();
    assert.deepEqual([segment?.project, segment?.deployment, rest.length], ['shop', 'prices', 0]);
    assert.equal(readFileSync(segment?.path ?? '', 'utf8'), '{"id":1}\n{"id":2}\n');
  }));

test('a full spool drops new lines and says so; a refused segment is kept aside', () =>
  withDirectory((directory) => {
    const { spool } = open(directory, { totalBytes: 5 });
    spool.append(to, 'seven77');
    spool.append(to, 'dropped');
    assert.match(spool.problem ?? '', /the spool is full .* 1 prediction lines were dropped/);
    spool.seal(true);
    const [segment] = spool.sealed();
    assert.ok(segment !== undefined);
    spool.reject(segment, 'it is not JSON');
    assert.deepEqual([spool.sealed().length, readdirSync(join(directory, 'shop', 'prices'))], [0, [`${segment.id}.ndjson.rejected`]]);
    assert.match(spool.problem ?? '', /it is not JSON/);
  }));

test('a folder that cannot be written costs the line, not the answer', () =>
  withDirectory((directory) => {
    const { spool } = open(directory);
    writeFileSync(join(directory, 'shop'), 'a file in the way');
    spool.append(to, 'x');
    assert.match(spool.problem ?? '', /1 prediction lines could not be written: /);
  }));
