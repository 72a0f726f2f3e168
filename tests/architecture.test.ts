import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

/** Lower layers never import higher ones; modules of one layer do not know each other. The order is the design. */
const layers = [
  ['client'],
  ['kernel'],
  ['identity'],
  ['policy'],
  ['data', 'tracking'],
  ['features', 'registry'],
  ['pipelines'],
  ['serving'],
  ['monitoring'],
  ['delivery'],
  ['knowledge', 'templates', 'sandboxes', 'governance'],
  ['maturity'],
  ['server', 'agent', 'model-server'],
  ['cli'],
  ['dev'],
  ['app.ts'],
  ['main.ts'],
];
const rank = new Map(layers.flatMap((names, level) => names.map((name) => [name, level] as const)));

/** Files that may be longer than the limit, each with its reason. */
const mayBeLong: Readonly<Record<string, string>> = {
  'src/client/operations.ts': 'generated from the OpenAPI document, a line an operation',
};

const root = join(import.meta.dirname, '..');
const server = sourcesOf('src');
const web = existsSync(join(root, 'web/src')) ? sourcesOf('web/src') : [];
const importLine = /^\s*(?:import|export)\s+(type\s)?([^'";]*?)\sfrom\s+['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;

interface Import {
  readonly file: string;
  /** Path below src/, where the import stays inside the project. */
  readonly path: string | undefined;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sourcesOf(folder: string): { file: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') }));
}

function importsOf({ file, text }: { file: string; text: string }): Import[] {
  return [...text.matchAll(importLine)].map(([, typeOnly, , from, dynamic]) => {
    const specifier = from ?? dynamic ?? '';
    const absolute = specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : undefined;
    const path = specifier.startsWith('#') ? specifier.slice(1) : absolute?.startsWith('src/') ? absolute.slice('src/'.length) : undefined;
    return { file, path, specifier, typeOnly: typeOnly !== undefined };
  });
}

const imports = server.flatMap(importsOf);
const moduleOf = (path: string) => path.split('/')[0] ?? '';
const ownerOf = (file: string) => moduleOf(file.slice('src/'.length));
const report = (found: readonly Import[]) => found.map((each) => `${each.file} -> ${each.specifier}`);

test('every module has its place in the layers', () => {
  const unknown = [...new Set(server.map(({ file }) => ownerOf(file)))].filter((name) => !rank.has(name));
  assert.deepEqual(unknown, []);
});

test('modules depend only on lower layers', () => {
  const wrong = imports.filter(({ file, path }) => {
    if (path === undefined || moduleOf(path) === ownerOf(file)) return false;
    return (rank.get(ownerOf(file)) ?? -1) <= (rank.get(moduleOf(path)) ?? 99);
  });
  assert.deepEqual(report(wrong), []);
});

test('modules are entered through their index', () => {
  const deep = imports.filter(({ file, path }) => {
    if (path === undefined || moduleOf(path) === ownerOf(file)) return false;
    if (moduleOf(path) === 'kernel') return !/^kernel\/([\w-]+\.ts|[\w-]+\/(index|testing)\.ts|[\w-]+\/testing\/[\w-]+\.ts)$/.test(path);
    return path.includes('/') && !/^[\w-]+\/(index|testing)\.ts$/.test(path);
  });
  assert.deepEqual(report(deep), []);
});

test('only stores and migrations know SQL builders', () => {
  const wrong = imports.filter(
    ({ file, specifier }) =>
      specifier === 'kysely' && !/(^|[/-])store\.ts$|migrations\.ts$|\.test\.ts$|\/testing(\.ts|\/)|^src\/kernel\/database\//.test(file),
  );
  assert.deepEqual(report(wrong), []);
});

test('only one file knows node:sqlite, one package each knows DuckDB and ONNX', () => {
  const owners: Record<string, RegExp> = {
    'node:sqlite': /^src\/kernel\/database\/sqlite\.ts$/,
    '@duckdb/node-api': /^src\/kernel\/analytics\/|\.test\.ts$/,
    'onnxruntime-node': /^src\/(model-server|delivery|kernel\/inference)\/|\.test\.ts$/,
  };
  const wrong = imports.filter(
    ({ file, specifier, typeOnly }) => !typeOnly && owners[specifier] !== undefined && !owners[specifier].test(file),
  );
  assert.deepEqual(report(wrong), []);
});

test('the client stands alone: other projects and browsers import it', () => {
  const own = imports.filter(({ file }) => ownerOf(file) === 'client' && !file.endsWith('.test.ts'));
  const wrong = own.filter(
    ({ file, path, specifier }) =>
      (path === undefined || moduleOf(path) !== 'client') && !(file === 'src/client/node.ts' && specifier.startsWith('node:')),
  );
  assert.deepEqual(report(wrong), []);
});

test('tests are not imported by what runs', () => {
  const wrong = imports.filter(({ file, specifier }) => /\/testing(\.ts|\/)/.test(specifier) && !/\.test\.ts$|testing/.test(file));
  assert.deepEqual(report(wrong), []);
});

test('the web takes only types from the server', () => {
  const wrong = web.flatMap(importsOf).filter(({ path, typeOnly }) => path !== undefined && !typeOnly);
  assert.deepEqual(report(wrong), []);
});

test('files stay small', () => {
  const long = [...server, ...web].filter(({ file, text }) => text.split('\n').length > 400 && mayBeLong[file] === undefined);
  assert.deepEqual(
    long.map(({ file }) => file),
    [],
  );
});

test('names say what they hold', () => {
  const vague = [...server, ...web]
    .map(({ file }) => file)
    .filter((file) => /(^|\/)(utils?|helpers?|common|manager|misc|shared)(\.tsx?|\/)/.test(file));
  assert.deepEqual(vague, []);
});
