import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { SourceFile, SourcePlace } from './source.ts';

/** Folders of the store's own disk where files of runs may lie. */
export interface LocalFiles {
  files(place: SourcePlace): Promise<readonly SourceFile[] | undefined>;
  open(place: SourcePlace, file: SourceFile): Promise<Readable>;
}

/**
 * Finds files by the address that MLflow kept. A store that was moved has addresses of its old place, so folders beside it, and those that
 * were named, are looked into as well.
 */
export function createLocalFiles({ home, roots }: { readonly home: string; readonly roots: readonly string[] }): LocalFiles {
  const places = [...roots, home, join(home, 'mlruns'), join(home, 'mlartifacts')];
  const folderOf = (place: SourcePlace): string | undefined =>
    [localPath(place.uri, home), ...tailsOf(place).flatMap((tail) => places.map((root) => join(root, tail)))].find(
      (path) => path !== undefined && existsSync(path),
    );
  return {
    async files(place) {
      const folder = folderOf(place);
      // Nothing was ever written for most holders, and then there is no folder either.
      if (folder === undefined) return isReachable(place.uri) ? [] : undefined;
      const found: SourceFile[] = [];
      await walk(folder, '', found);
      return found;
    },
    async open(place, file) {
      return createReadStream(join(folderOf(place) ?? home, file.name));
    },
  };
}

function isReachable(uri: string): boolean {
  return !/^[a-z][a-z0-9+.-]+:/i.test(uri) || /^(file|mlflow-artifacts):/i.test(uri);
}

/** The ends of an address that stay the same wherever the store is moved. */
function tailsOf({ uri, kind, id, experiment }: SourcePlace): string[] {
  const own = {
    run: join(experiment, id, 'artifacts'),
    'logged-model': join(experiment, 'models', id, 'artifacts'),
    trace: join(experiment, 'traces', id, 'artifacts'),
  }[kind];
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*)$/i.exec(uri)?.[1];
  return proxied === undefined || proxied.split('/').includes('..') ? [own] : [proxied, own];
}

function localPath(uri: string, home: string): string | undefined {
  if (/^file:\/\/\//i.test(uri)) return fileURLToPath(uri);
  if (/^file:/i.test(uri)) return resolve(home, decodeURIComponent(uri.replace(/^file:(\/\/)?/i, '')));
  return /^[a-z][a-z0-9+.-]+:/i.test(uri) ? undefined : resolve(home, uri);
}

async function walk(folder: string, prefix: string, found: SourceFile[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = prefix + entry.name;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, `${name}/`, found);
    else if (entry.isFile() || entry.isSymbolicLink()) {
      const about = await stat(path).catch(() => undefined);
      if (about?.isFile() === true) found.push({ name, size: about.size });
    }
  }
}
