import { nearestName } from '#kernel/nearest-name.ts';
import type { DirectoryProblem } from './model.ts';
import type { NamedPath } from './read-model-file.ts';

const mostPaths = 2000;

/** A path of a model directory without `./` and doubled slashes; undefined when it leads out of the directory. */
export function pathWithin(path: string): string | undefined {
  const parts = path.replaceAll('\\', '/').split('/');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || parts.includes('..')) return undefined;
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

/** What is wrong with the paths that an MLmodel file names. `files` are names relative to its folder. */
export function checkPaths(paths: readonly NamedPath[], files: readonly string[]): DirectoryProblem[] {
  const present = new Set(files);
  const folders = new Set(files.flatMap(foldersOf));
  // A broken directory is told by its first problems; thousands more help nobody.
  return paths.slice(0, mostPaths).flatMap(({ key, path }) => {
    const within = pathWithin(path);
    if (within === undefined) {
      const problem = `"${key}" names a path outside of the model directory`;
      return [{ path, problem, fix: 'Save the model again, so that everything it needs is copied into its directory.' }];
    }
    if (within === '' || present.has(within) || folders.has(within)) return [];
    const nearest = nearestName(within, files);
    const meant = nearest === undefined ? '' : ` There is "${nearest}".`;
    return [
      { path, problem: `"${key}" names it, but it is not there`, fix: `Log the whole directory of the model, with ${path}.${meant}` },
    ];
  });
}

function foldersOf(file: string): string[] {
  const parts = file.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
