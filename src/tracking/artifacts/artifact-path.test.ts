import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkArtifactPath, meaningOf } from './artifact-path.ts';

const run = '0123456789abcdef0123456789abcdef';
const model = `m-${run}`;

test('a path that leads elsewhere is refused however it is encoded', () => {
  const bad = [
    '..',
    '../x',
    'a/../b',
    'a/..',
    '/etc/passwd',
    'a//etc/passwd',
    'C:/x',
    'a/c:/x',
    'c:',
    'C:\\x',
    'a\\..\\b',
    '\\\\host\\share',
    'file:///etc/passwd',
    'a\0b',
  ];
  const escaped = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  for (const path of bad) {
    let encoded = path;
    for (let times = 0; times < 5; times++) {
      assert.throws(() => checkArtifactPath(encoded), { code: 'tracking.artifact-path-invalid' }, encoded);
      encoded = times === 0 ? escaped(encoded) : encoded.replaceAll('%', '%25');
    }
  }
  assert.throws(() => checkArtifactPath('%2E%2E/x'), { code: 'tracking.artifact-path-invalid' });
  assert.throws(() => checkArtifactPath(`%${'25'.repeat(50)}41`), { code: 'tracking.artifact-path-invalid' });
});

test('names that only look odd are kept as they are', () => {
  for (const path of ['a..b/c', '...', 'größe 100%.csv', 'k%step%3%timestamp%17.png', 'a/b:c', 'x%2', '%41', 'ü/日本']) {
    assert.equal(checkArtifactPath(path), path);
  }
  assert.equal(checkArtifactPath('./a/./b/'), 'a/b');
  assert.equal(checkArtifactPath(''), '');
});

test('whatever passes has no part that leads anywhere, before or after decoding', () => {
  const piece = fc.constantFrom('.', '..', '/', '\\', '%2e', '%252E', '%2f', '%5c', 'a', 'C:', '%', '25');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      let path: string;
      try {
        path = checkArtifactPath(pieces.join(''));
      } catch {
        return;
      }
      for (let round = 0; round < 10; round++) {
        assert.ok(!path.split(/[/\\]/).includes('..') && !path.startsWith('/') && !path.includes('\\'), path);
        path = path.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      }
    }),
    { numRuns: 2000 },
  );
});

test('paths of the proxy name runs, models, traces, and what lies loose', () => {
  assert.deepEqual(meaningOf(`3/${run}/artifacts/plots/a.png`), { kind: 'run', id: run, name: 'plots/a.png', exact: true });
  assert.deepEqual(meaningOf(`3/${run}/artifacts`), { kind: 'run', id: run, name: '', exact: true });
  assert.deepEqual(meaningOf(`own/place/${run}/artifacts/x`), { kind: 'run', id: run, name: 'x', exact: false });
  assert.deepEqual(meaningOf(`3/models/${model}/artifacts/MLmodel`), { kind: 'logged-model', id: model, name: 'MLmodel', exact: true });
  assert.deepEqual(meaningOf('3/traces/tr-1/artifacts/traces.json'), { kind: 'trace', id: 'tr-1', name: 'traces.json', exact: true });
  // The holder that comes first counts: a run may have a folder of any name.
  const inside = `artifacts/models/${model}/artifacts/x`;
  assert.deepEqual(meaningOf(`3/${run}/${inside}`), { kind: 'run', id: run, name: `models/${model}/artifacts/x`, exact: true });
  for (const loose of [
    '',
    'x',
    '3/notes.txt',
    'models/MLmodel',
    `3/${run}`,
    `3/${run}/files/x`,
    'a/artifacts/b',
    `models/m-1/artifacts/x`,
  ]) {
    assert.deepEqual(meaningOf(loose), { kind: 'project', name: loose });
  }
});
