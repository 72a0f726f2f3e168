/** Folders that are never code: dependencies, history, Ripen's own data, what steps write. */
const always = new Set(['node_modules', '.git', '.ripen', 'outputs', '__pycache__', '.venv']);

/** Says whether a path below the project folder (`/` between names) is left out. Folders end in `/`. */
export type Ignores = (path: string) => boolean;

/**
 * The common part of the gitignore format: comments, `!`, a leading and a trailing slash, `*`, `**`, `?` and `[…]`; the last
 * rule that matches decides. Rules of nested files are not read.
 */
export function parseIgnore(text: string): Ignores {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseRule);
  return (path) => {
    if (path.split('/').some((name) => always.has(name))) return true;
    const folder = path.endsWith('/');
    const plain = folder ? path.slice(0, -1) : path;
    return rules.reduce((ignored, rule) => (rule.matches(plain, folder) ? rule.ignores : ignored), false);
  };
}

interface Rule {
  readonly ignores: boolean;
  matches(path: string, folder: boolean): boolean;
}

function parseRule(line: string): Rule {
  const ignores = !line.startsWith('!');
  const body = ignores ? line : line.slice(1);
  const foldersOnly = body.endsWith('/');
  const pattern = foldersOnly ? body.slice(0, -1) : body;
  // A slash at the beginning or in the middle ties the rule to the project folder.
  const anchored = pattern.includes('/');
  const expression = new RegExp(`^${anchored ? '' : '(?:.*/)?'}${glob(pattern.replace(/^\//, ''))}$`, 'u');
  return { ignores, matches: (path, folder) => (!foldersOnly || folder) && expression.test(path) };
}

function glob(pattern: string): string {
  return pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|\\.|[.+^${}()|[\]\\/]/gu, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.startsWith('\\') && part.length > 1 ? `\\${part.slice(1)}` : `\\${part}`;
  });
}
