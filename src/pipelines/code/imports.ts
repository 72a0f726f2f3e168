import { posix } from 'node:path';

const scripts = /\.(?:[cm]?[jt]sx?)$/;
const fromPatterns = [
  /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"](\.{1,2}\/[^'"]+)['"]/g,
  /\bnew\s+URL\(\s*['"](\.{1,2}\/[^'"]+)['"]\s*,\s*import\.meta\.url/g,
];
const scriptEndings = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '.tsx', '.jsx', '.json', '/index.ts', '/index.js'];

/**
 * Files of the project that the source of `path` names: relative imports and `new URL('./x', import.meta.url)` of JavaScript and
 * TypeScript, imports of Python that resolve beside the file or at the root. Found in the text, without running it.
 */
export function importedFiles(path: string, source: string, files: ReadonlySet<string>): string[] {
  if (scripts.test(path)) return scriptImports(path, source, files);
  return path.endsWith('.py') ? pythonImports(path, source, files) : [];
}

function scriptImports(path: string, source: string, files: ReadonlySet<string>): string[] {
  const names = fromPatterns.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1] ?? ''));
  return names.flatMap((name) => {
    const target = posix.join(posix.dirname(path), name);
    // `./x.js` may stand for `./x.ts`.
    const candidates = [...scriptEndings.map((ending) => target + ending), target.replace(/\.([cm]?)js$/, '.$1ts')];
    return candidates.find((candidate) => files.has(candidate)) ?? [];
  });
}

function pythonImports(path: string, source: string, files: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const add = (folder: string, module: string): void => {
    const parts = module.split('.').filter((part) => part !== '');
    for (let length = 1; length <= parts.length; length++) {
      const target = posix.join(folder, ...parts.slice(0, length));
      for (const candidate of [`${target}.py`, `${target}/__init__.py`]) if (files.has(candidate)) found.add(candidate);
    }
  };
  const here = posix.dirname(path);
  for (const [, module] of source.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)/gm))
    for (const name of (module ?? '').split(',')) for (const folder of [here, '.']) add(folder, name.trim().split(/\s/)[0] ?? '');
  for (const [, dots, module, names] of source.matchAll(/^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+\(?([\w, \t\r\n*]+)/gm)) {
    const folders = dots === '' || dots === undefined ? [here, '.'] : [posix.join(here, '../'.repeat(dots.length - 1))];
    const members = (names ?? '').split(',').map((name) => name.trim().split(/\s/)[0] ?? '');
    for (const folder of folders) for (const name of members) add(folder, `${module ?? ''}.${name}`);
  }
  return [...found];
}
