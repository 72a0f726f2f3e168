import { registryErrors } from './errors.ts';

/** What the URI of a version's source names. */
export type Source =
  | { readonly kind: 'run'; readonly run: string; readonly folder: string }
  | { readonly kind: 'logged-model'; readonly id: string }
  | { readonly kind: 'version'; readonly model: string; readonly version: string }
  | { readonly kind: 'artifacts'; readonly path: string }
  /** A place on somebody's disk. */
  | { readonly kind: 'local'; readonly path: string }
  /** A place that only clients open. */
  | { readonly kind: 'elsewhere' }
  /** What clients write where there is no place, as for prompts. */
  | { readonly kind: 'nothing' };

const placeholders = new Set(['dummy-source', 'mlflow-prompt', 'prompt-placeholder']);
/** Bytes, so that both databases can look for it. */
const longest = 2000;

/**
 * Reads the source of a version: `runs:/<run>/<folder>`, `models:/m-<id>`, `models:/<model>/<version>`, `models:/<model>@<alias>`,
 * `mlflow-artifacts:/…`, a local path, or the address of a place elsewhere.
 * @throws `registry.source-invalid` for one that leads upwards or names nothing
 */
export function parseSource(source: string): Source {
  if (placeholders.has(source)) return { kind: 'nothing' };
  const invalid = (problem: string) => registryErrors['source-invalid']({ source: source.slice(0, 500), problem });
  if (source.trim() === '') throw invalid('It is empty.');
  if (Buffer.byteLength(source) > longest) throw invalid(`It has more than ${longest} bytes.`);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(source)?.[1]?.toLowerCase();
  const isLocal = scheme === undefined || scheme === 'file' || /^[a-z]:[\\/]/i.test(source);
  checkPath(source, invalid);
  if (isLocal) return { kind: 'local', path: localPath(source, scheme) };
  if (scheme === 'runs') return runSource(source, invalid);
  if (scheme === 'models') return modelSource(source, invalid);
  if (scheme !== 'mlflow-artifacts') return { kind: 'elsewhere' };
  // With a host it is the store of another server.
  if (/^mlflow-artifacts:\/\/[^/]/i.test(source)) return { kind: 'elsewhere' };
  return { kind: 'artifacts', path: decoded(source.slice('mlflow-artifacts:'.length)).replace(/^\/+/, '') };
}

type Invalid = (problem: string) => Error;

/** The same path by another spelling could name a file that its sender may not see. */
function checkPath(source: string, invalid: Invalid): void {
  const whole = decoded(source).split(/[?#]/)[0] ?? '';
  const isUpwards = whole.split(/[/\\]/).some((part) => part === '..' || part === '.');
  if (!isUpwards && !whole.includes('\0')) return;
  throw invalid(
    'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.',
  );
}

/** Clients and servers on the way decode more than once. */
function decoded(text: string): string {
  let current = text;
  for (let round = 0; round < 10 && current.includes('%'); round++) {
    const next = current.replaceAll(/(?:%[0-9a-f]{2})+/gi, decodedRun);
    if (next === current) break;
    current = next;
  }
  return current;
}

function decodedRun(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

function localPath(source: string, scheme: string | undefined): string {
  return scheme === 'file' ? decoded(source.replace(/^file:(\/\/(?=\/))?/i, '')) : source;
}

function runSource(source: string, invalid: Invalid): Source {
  const [, run = '', folder = ''] = /^runs:\/{1,3}([^/]+)(?:\/(.*))?$/i.exec(source) ?? [];
  if (run === '') throw invalid('It names no run; write runs:/<run id>/<folder>.');
  return { kind: 'run', run, folder: decoded(folder).replace(/\/+$/, '') };
}

function modelSource(source: string, invalid: Invalid): Source {
  const path = /^models:\/([^/].*)$/i.exec(source)?.[1];
  if (path === undefined) throw invalid('Registered model sources must use the active model registry; write models:/<model>/<version>.');
  if (/^m-[^/@]+$/.test(path)) return { kind: 'logged-model', id: path };
  const [, model = '', version, alias] = /^([^/@]+)(?:\/([^/]+)|@([^/]+))$/.exec(decoded(path)) ?? [];
  if (version === undefined && alias === undefined)
    throw invalid('It names no version; write models:/<model>/<version> or models:/<model>@<alias>.');
  return { kind: 'version', model, version: version ?? `@${alias}` };
}
