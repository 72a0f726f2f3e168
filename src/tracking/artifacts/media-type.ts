const text = 'text/plain; charset=utf-8';

const byExtension: Readonly<Record<string, string>> = {
  txt: text,
  log: text,
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  json: 'application/json',
  jsonl: 'application/jsonl',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml',
  py: text,
  ts: text,
  js: 'text/javascript; charset=utf-8',
  toml: 'application/toml',
  ini: text,
  cfg: text,
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  parquet: 'application/vnd.apache.parquet',
  zip: 'application/zip',
  gz: 'application/gzip',
  mp4: 'video/mp4',
  wav: 'audio/wav',
};

const plainNames = new Set(['MLmodel', 'MLproject', 'LICENSE', 'README']);

/** By the extension of the name alone: what the sender claims must not decide how a browser treats the bytes. */
export function mediaTypeOf(name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  if (plainNames.has(file)) return text;
  const extension = /\.([^.]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? '') : 'application/octet-stream';
}
