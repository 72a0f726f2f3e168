import { artifactErrors } from './errors.ts';

/** How often a path is decoded before it is given up: nobody means `%` encoded ten times. */
const mostDecodings = 10;

/**
 * A path as MLflow clients send it, relative to the store: without empty and `.` parts. Refused is what could lead elsewhere, also
 * when it is percent-encoded, even several times: `..`, absolute paths, drive letters, backslashes.
 * @throws `tracking.artifact-path-invalid`
 */
export function checkArtifactPath(path: string): string {
  let text = path;
  for (let round = 0; ; round++) {
    const problem = round > mostDecodings ? 'it is encoded too often' : problemOf(text);
    if (problem !== undefined) throw artifactErrors['artifact-path-invalid']({ path: path.slice(0, 200), problem });
    const next = decodedOnce(text);
    if (next === text) break;
    text = next;
  }
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function problemOf(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('//')) return 'it is absolute, or a part of it is';
  if (/(^|[/\\])[a-z]:([/\\]|$)/i.test(path) || /^file:/i.test(path)) return 'it names a place on a disk';
  if (path.includes('\\')) return 'it holds a backslash';
  if (path.includes('\0')) return 'it holds a NUL character';
  if (path.split('/').includes('..')) return 'it leads upwards with ".."';
  return undefined;
}

/** Escapes as single characters, which is enough for all that is looked for; what is no escape stays. */
function decodedOnce(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What a path below the root of the artifact proxy seems to mean; whether it exists has to be asked. */
export type PathMeaning =
  | { readonly kind: 'run' | 'logged-model' | 'trace'; readonly id: string; readonly name: string; readonly exact: boolean }
  | { readonly kind: 'project'; readonly name: string };

const runId = /^[0-9a-f]{32}$/;
const modelId = /^m-[0-9a-f]{32}$/;

/**
 * `<location>/<run>/artifacts/<name>`, `<location>/models/<model>/artifacts/<name>` and `<location>/traces/<trace>/artifacts/<name>`, where
 * the location is the number of an experiment or a folder of its own (`exact` says that it is a number); anything else lies loose.
 */
export function meaningOf(path: string): PathMeaning {
  const parts = path.split('/');
  for (let at = 1; at < parts.length; at++) {
    if (parts[at] !== 'artifacts') continue;
    const [folder, id = ''] = [parts[at - 2], parts[at - 1]];
    const name = parts.slice(at + 1).join('/');
    const numbered = (depth: number) => at === depth && /^\d+$/.test(parts[0] ?? '');
    if (folder === 'models' && modelId.test(id)) return { kind: 'logged-model', id, name, exact: numbered(3) };
    if (folder === 'traces' && id !== '') return { kind: 'trace', id, name, exact: numbered(3) };
    if (runId.test(id)) return { kind: 'run', id, name, exact: numbered(2) };
  }
  return { kind: 'project', name: path };
}
