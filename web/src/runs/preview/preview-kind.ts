import type { FolderEntryWire } from '#tracking/wire.ts';

export type PreviewKind = 'image' | 'markdown' | 'table' | 'json' | 'html' | 'video' | 'audio' | 'model' | 'text' | 'unknown' | 'none';

/** Endings of files that are surely not text, so that nobody asks for their bytes. */
const binary =
  /\.(?:zip|gz|tgz|bz2|xz|7z|tar|whl|pkl|pickle|joblib|onnx|pt|pth|bin|npy|npz|h5|hdf5|keras|pb|safetensors|ubj|so|exe|pdf|docx?|xlsx?)$/i;

/** How a file can be looked at, by its name and its media type. */
export function previewKind({ mediaType = '', name }: Pick<FolderEntryWire, 'mediaType' | 'name'>): PreviewKind {
  if (name === 'MLmodel') return 'model';
  if (/\.(?:csv|tsv|parquet|pq|jsonl|ndjson)$/i.test(name)) return 'table';
  if (mediaType.startsWith('image/')) return 'image';
  if (mediaType.startsWith('video/')) return 'video';
  if (mediaType.startsWith('audio/') || /\.(?:wav|mp3|ogg|flac)$/i.test(name)) return 'audio';
  if (mediaType.startsWith('text/html')) return 'html';
  if (mediaType.startsWith('text/markdown')) return 'markdown';
  if (mediaType === 'application/json' || /\.(?:json|ipynb)$/i.test(name)) return 'json';
  if (mediaType.startsWith('text/') || /^application\/(?:yaml|xml|toml)/.test(mediaType)) return 'text';
  return binary.test(name) ? 'none' : 'unknown';
}

/** Bytes that no text has: a NUL near the beginning. */
export function looksBinary(text: string): boolean {
  return text.slice(0, 4096).includes('\0');
}
