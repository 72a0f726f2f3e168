import type { Json } from '#kernel/canonical-json.ts';
import { canonicalJson } from '#kernel/canonical-json.ts';
import type { Manifest } from '../code/manifest.ts';
import type { KeyParts } from '../model.ts';

const partNames = ['command', 'code', 'parameters', 'inputs', 'environment', 'outputs', 'publishes'] as const;
const mostFiles = 5;

/** Which parts of a cache key differ. */
export function changedParts(a: KeyParts, b: KeyParts): readonly (typeof partNames)[number][] {
  const digests = (parts: KeyParts): Json => Object.fromEntries(Object.entries(parts.inputs).map(([name, input]) => [name, input.digest]));
  return partNames.filter((name) => (name === 'inputs' ? !same(digests(a), digests(b)) : !same(a[name], b[name])));
}

/** `code steps/train.ts changed`, `code lib/new.ts added`. */
export function changedFiles(a: Manifest, b: Manifest): string[] {
  const lines = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((path) => {
    if (a[path]?.digest === b[path]?.digest) return a[path]?.executable === b[path]?.executable ? [] : [`code ${path} changed its mode`];
    return [`code ${path} ${a[path] === undefined ? 'added' : b[path] === undefined ? 'removed' : 'changed'}`];
  });
  const rest = lines.length - mostFiles;
  return rest > 0 ? [...lines.slice(0, mostFiles), `and ${rest} more code files`] : lines;
}

/** `parameter epochs 4 → 6`. */
export function changedValues(what: string, a: Readonly<Record<string, Json>>, b: Readonly<Record<string, Json>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((name) => {
    const [before, after] = [a[name], b[name]];
    if (before === undefined) return [`${what} ${name} added`];
    if (after === undefined) return [`${what} ${name} removed`];
    return same(before, after) ? [] : [`${what} ${name} ${render(before)} → ${render(after)}`];
  });
}

/** From two texts of an environment: `environment package-lock.json changed`, `runtime node 26.1.0 → 26.2.0`. */
export function changedEnvironment(a = '{}', b = '{}'): string[] {
  const [before, after] = [JSON.parse(a), JSON.parse(b)] as { files?: Record<string, string>; runtimes?: Record<string, string> }[];
  const files = changedValues('environment', before?.files ?? {}, after?.files ?? {}).map((line) =>
    line.replace(/ sha256:.*$|(?<=environment \S+) "sha256.*$/, ' changed'),
  );
  return [...files, ...changedValues('runtime', before?.runtimes ?? {}, after?.runtimes ?? {})];
}

function render(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function same(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
