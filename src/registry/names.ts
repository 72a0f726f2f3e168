import { registryErrors } from './errors.ts';

export const limits = {
  name: 256,
  alias: 255,
  description: 20_000,
  link: 2000,
  card: 500_000,
  tagValue: 100_000,
  files: 5000,
  fileName: 1000,
} as const;

// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const controlCharacters = /[\u0000-\u001f\u007f]/;

/** Model names go into addresses such as models:/name@alias, so they hold no `/`, `:` or `@`. @throws `registry.name-invalid` */
export function checkModelName(name: string): string {
  return checkName('a model', name, /[/:@\\]/.test(name) || name === '.' || name === '..' ? 'it must not hold / : @ or \\' : undefined);
}

/** @throws `registry.name-invalid` */
export function checkFileName(name: string): string {
  const parts = name.split('/');
  const bad = parts.some((part) => part === '' || part === '.' || part === '..') || name.includes('\\');
  return checkName('a file', name, bad ? 'it must be a relative path whose parts are not empty, "." or ".."' : undefined, limits.fileName);
}

/** The id of something that is kept elsewhere. @throws `registry.name-invalid` */
export function checkReference(what: string, id: string): string {
  return checkName(what, id, undefined);
}

function checkTagName(name: string): string {
  return checkName('a tag', name, undefined);
}

// oxlint-disable-next-line max-params -- name, rule and limit belong to one check
function checkName(what: string, name: string, own: string | undefined, limit: number = limits.name): string {
  const problem =
    own ??
    (name.trim() === '' ? 'it is empty' : undefined) ??
    (name.length > limit ? `it has more than ${limit} characters` : undefined) ??
    (controlCharacters.test(name) || !name.isWellFormed() ? 'it holds a character that cannot be shown' : undefined);
  if (problem !== undefined) throw registryErrors['name-invalid']({ what, name: name.slice(0, 100), problem });
  return name;
}

/** @throws `registry.alias-invalid` */
export function checkAlias(alias: string): string {
  const problem =
    (/^[\w-]+$/.test(alias) ? undefined : 'it may hold only letters, digits, - and _') ??
    (alias.length > limits.alias ? `it has more than ${limits.alias} characters` : undefined) ??
    (alias.toLowerCase() === 'latest' ? 'latest always means the newest version' : undefined) ??
    (/^v?\d+$/i.test(alias) ? 'it reads like a version number' : undefined);
  if (problem !== undefined) throw registryErrors['alias-invalid']({ alias: alias.slice(0, 120), problem });
  return alias;
}

/** A text without what a database cannot keep. @throws `registry.value-too-long`, `registry.name-invalid` */
export function checkText(what: 'description' | 'card' | 'tagValue' | 'link', text: string): string {
  if (text.length > limits[what]) throw registryErrors['value-too-long']({ what, length: text.length, limit: limits[what] });
  if (text.includes('\0') || !text.isWellFormed())
    throw registryErrors['name-invalid']({ what: `the ${what}`, name: text.slice(0, 40), problem: 'it holds a NUL or half a character' });
  return text;
}

/** @throws `registry.name-invalid`, `registry.value-too-long` */
export function checkTags<Value extends string | undefined>(tags: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  for (const [name, value] of Object.entries(tags)) {
    checkTagName(name);
    if (value !== undefined) checkText('tagValue', value);
  }
  return tags;
}

export type VersionReference = { readonly version: number } | { readonly alias: string } | 'latest';

/** `3`, `@production` or `latest`. @throws `registry.version-invalid` */
export function parseVersion(text: string | number): VersionReference {
  const written = String(text);
  if (written === 'latest' || written === '@latest') return 'latest';
  if (/^@[\w-]+$/.test(written)) return { alias: written.slice(1) };
  if (/^v?[1-9]\d{0,8}$/.test(written)) return { version: Number(written.replace('v', '')) };
  throw registryErrors['version-invalid']({ version: written.slice(0, 100) });
}
