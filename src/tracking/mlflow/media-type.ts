import { getMimeType } from 'hono/utils/mime';

/** What MLflow shows as text, by extension or, without one, by the whole name. */
const texts = new Set(
  'txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb MLmodel MLproject'.split(
    ' ',
  ),
);

/** The content type that MLflow's server gives a file: by its name alone, never by what a sender claimed. */
export function mlflowMediaType(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  // A dot at the beginning is part of the name, as in `.bashrc`.
  const extension = dot > 0 ? file.slice(dot + 1) : '';
  if (texts.has(extension === '' ? file : extension)) return 'text/plain';
  return (extension === '' ? undefined : getMimeType(file)?.split(';')[0]) ?? 'application/octet-stream';
}
