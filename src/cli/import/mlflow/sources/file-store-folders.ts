import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Labels } from '../source.ts';

/** Reads the folders of MLflow's file store: a `meta.yaml` each, and one file a tag, parameter or metric. */

export type Meta = Readonly<Record<string, unknown>>;

/** Undefined where there is no such file, or it was cut off. */
export async function readMeta(path: string): Promise<Meta | undefined> {
  const text = await readFile(path, 'utf8').catch(missing);
  if (text === undefined || text.trim() === '') return undefined;
  const value: unknown = parse(text);
  return typeof value === 'object' && value !== null ? (value as Meta) : undefined;
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
  throw error;
}

export function textIn(meta: Meta, name: string): string {
  const value = meta[name];
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export const optionalIn = (meta: Meta, name: string): string | undefined => (textIn(meta, name) === '' ? undefined : textIn(meta, name));

export function numberIn(meta: Meta, name: string): number | undefined {
  const value = meta[name];
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

export async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(missing);
  return (entries ?? [])
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort();
}

/** Names of files below a folder; names of metrics and parameters may hold slashes. */
export async function filesIn(path: string, prefix = ''): Promise<string[]> {
  const entries = (await readdir(path, { withFileTypes: true }).catch(missing)) ?? [];
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) found.push(...(await filesIn(join(path, entry.name), `${prefix}${entry.name}/`)));
    else found.push(prefix + entry.name);
  }
  return found;
}

/** One file a name, its content the value. */
export async function labelsIn(path: string): Promise<Labels> {
  const labels: Record<string, string> = {};
  for (const name of await filesIn(path)) labels[name] = (await readFile(join(path, name), 'utf8')).replace(/\r?\n$/, '');
  return labels;
}

/** Where an experiment lies: deleted ones are in the trash. */
export function experimentFolder(store: string, experiment: string): string {
  const folder = join(store, experiment);
  return existsSync(folder) ? folder : join(store, '.trash', experiment);
}
