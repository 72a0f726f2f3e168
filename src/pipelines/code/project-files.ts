import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './system-code.ts';
import { type Ignores, parseIgnore } from './ignore.ts';

/** Paths below `root`, with `/` between names, of every file that counts as code. Links to folders are not followed. */
export async function listProject(root: string): Promise<string[]> {
  return listFolder(root, '', parseIgnore(await textOr(join(root, '.gitignore'), '')));
}

/** All files of one folder or the one file; undefined when there is nothing at the path. What is named is taken, ignored or not. */
export async function listPath(root: string, path: string): Promise<string[] | undefined> {
  try {
    const found = await stat(join(root, path));
    return found.isDirectory() ? await listFolder(root, `${path}/`, parseIgnore('')) : [path];
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function listFolder(root: string, prefix: string, ignores: Ignores): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(root, prefix), { withFileTypes: true })) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      if (!ignores(`${path}/`)) files.push(...(await listFolder(root, `${path}/`, ignores)));
    } else if (!ignores(path) && (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(root, path)))))) {
      files.push(path);
    }
  }
  return files;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

export async function textOr(path: string, otherwise: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return otherwise;
    throw error;
  }
}
