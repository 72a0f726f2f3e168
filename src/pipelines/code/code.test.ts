import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openObjectStore } from '#kernel/objects/index.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { createCodeSnapshots } from './code-snapshots.ts';
import { readGitState } from './git.ts';
import { parseIgnore } from './ignore.ts';
import { importedFiles } from './imports.ts';
import { readManifest } from './manifest.ts';
import { listProject } from './project-files.ts';

async function withProject(files: Record<string, string>, body: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'ripen-code-'));
  try {
    write(root, files);
    await body(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function write(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const project = {
  'ripen.yaml': '',
  'package.json': '{"type":"module"}',
  'steps/train.ts': "import { fit } from './fit.ts';\nconst proto = new URL('./onnx.proto', import.meta.url);",
  'steps/fit.ts': "export * from '../lib/math.js';",
  'steps/onnx.proto': 'message',
  'steps/other.ts': 'export {}',
  'lib/math.ts': 'export const one = 1;',
  'contracts/c.yaml': 'rules: []',
  'node_modules/x/index.js': 'no',
  'data/big.csv': 'a,b',
  '.gitignore': 'data/\n*.log\n!keep.log\n',
  'run.log': 'x',
  'keep.log': 'y',
};

test('a project is its files without packages, history and what git ignores', () =>
  withProject(project, async (root) => {
    assert.deepEqual((await listProject(root)).sort(), [
      '.gitignore',
      'contracts/c.yaml',
      'keep.log',
      'lib/math.ts',
      'package.json',
      'ripen.yaml',
      'steps/fit.ts',
      'steps/onnx.proto',
      'steps/other.ts',
      'steps/train.ts',
    ]);
  }));

test('ignore rules: anchors, folders, stars and exceptions', () => {
  const ignores = parseIgnore('/top.txt\nbuild/\ndocs/*.md\n**/cache\n*.py[co]\n# note\n!a/special.pyc\n');
  for (const path of ['top.txt', 'build/', 'a/build/', 'docs/x.md', 'a/b/cache', 'm.pyc', 'node_modules/', '.ripen/'])
    assert.ok(ignores(path), path);
  for (const path of ['a/top.txt', 'build', 'docs/a/x.md', 'a/special.pyc', 'm.py', '# note']) assert.ok(!ignores(path), path);
});

test('a step sees its declared code, what its command names and what these import, and no more', () =>
  withProject(project, async (root) => {
    const objects = await openObjectStore(`file:${root}/.store`, { cacheDirectory: join(root, '.cache') });
    const { pipelines } = readDefinition(`
pipelines:
  p:
    steps:
      train: { command: node steps/train.ts, code: [contracts] }
      other: { command: node steps/other.ts, code: [steps/other.ts] }
`);
    const [definition] = pipelines;
    assert.ok(definition);
    const snapshots = createCodeSnapshots(objects);
    const first = await snapshots.take(root, definition);
    const files = await readManifest(objects, first.steps['train'] ?? first.codeDigest);
    assert.deepEqual(Object.keys(files).sort(), [
      'contracts/c.yaml',
      'lib/math.ts',
      'package.json',
      'steps/fit.ts',
      'steps/onnx.proto',
      'steps/train.ts',
    ]);
    assert.equal((await objects.read(files['lib/math.ts']?.digest ?? first.codeDigest)).toString(), project['lib/math.ts']);
    write(root, { 'lib/math.ts': 'export const one = 2;' });
    const second = await snapshots.take(root, definition);
    assert.notEqual(second.steps['train'], first.steps['train']);
    assert.equal(second.steps['other'], first.steps['other']);
    assert.equal(second.environmentDigest, first.environmentDigest);
    write(root, { 'package.json': '{"type":"module","dependencies":{}}' });
    assert.notEqual((await snapshots.take(root, definition)).environmentDigest, first.environmentDigest);
    const missing = { ...definition, steps: definition.steps.map((step) => ({ ...step, code: ['steps/gone.ts'] })) };
    await assert.rejects(snapshots.take(root, missing), { code: 'pipelines.code-missing' });
    symlinkSync('/etc/hostname', join(root, 'steps/link.txt'));
    const outside = { ...definition, steps: definition.steps.map((step) => ({ ...step, code: ['steps/link.txt'] })) };
    await assert.rejects(snapshots.take(root, outside), { code: 'pipelines.code-outside' });
    await objects.close();
  }));

test('imports are found in scripts and in Python', () => {
  const files = new Set(['a/b.ts', 'a/c/index.ts', 'a/d.json', 'pkg/__init__.py', 'pkg/x.py', 'pkg/y.py', 'top.py']);
  const script = `import b from "./b"; const c = await import('./c'); const d = require("./d.json"); import 'zod'; export { e } from './gone.ts'`;
  assert.deepEqual(importedFiles('a/main.ts', script, files), ['a/b.ts', 'a/c/index.ts', 'a/d.json']);
  const python = 'import top, os\nfrom pkg import x\nfrom numpy import array\n';
  assert.deepEqual(importedFiles('main.py', python, files).sort(), ['pkg/__init__.py', 'pkg/x.py', 'top.py']);
  assert.deepEqual(importedFiles('pkg/x.py', 'from . import (\n  y,\n)\nfrom .y import z', files), ['pkg/y.py']);
});

test('the commit and whether the folder differs from it', () =>
  withProject({ 'a.txt': '1' }, async (root) => {
    assert.deepEqual(await readGitState(root), { commit: undefined, dirty: undefined });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root, stdio: 'pipe' });
    git('init', '-q');
    assert.equal((await readGitState(root)).commit, undefined);
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    const clean = await readGitState(root);
    assert.match(clean.commit ?? '', /^[0-9a-f]{40}$/);
    assert.equal(clean.dirty, false);
    write(root, { 'a.txt': '2' });
    assert.equal((await readGitState(root)).dirty, true);
  }));
