import type { FolderEntryWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { parseCsv } from './csv.ts';
import { address } from '../api/client.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { ExternalLink } from '../ui/link.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Digest } from '../ui/values.tsx';
import styles from './runs.module.css';

// Large, and needed for few files.
const Markdown = lazy(() => import('../ui/markdown.tsx').then((module) => ({ default: module.Markdown })));

/** More than this is not read for a preview. */
const previewBytes = 512 * 1024;
const csvRows = 200;

interface ArtifactPreviewProps {
  readonly file: FolderEntryWire;
  /** Below the API. */
  readonly path: string;
}

/** An artifact as far as a page can show it; everything can be saved. */
export function ArtifactPreview({ file, path }: ArtifactPreviewProps) {
  return (
    <div className={styles['preview']}>
      <div className={styles['previewHead']}>
        <strong>{file.name}</strong>
        <span>
          {file.digest !== undefined && <Digest digest={file.digest} />}
          <ExternalLink href={address(path, { download: true })} download>
            Save {formatBytes(file.size)}
          </ExternalLink>
        </span>
      </div>
      <Preview file={file} path={path} />
    </div>
  );
}

function Preview({ file, path }: ArtifactPreviewProps) {
  const kind = kindOf(file);
  if (kind === 'image') return <img className={styles['image']} src={address(path)} alt={file.name} />;
  if (kind === 'none') return <p className={styles['note']}>There is no preview of {file.mediaType ?? 'this kind of file'}.</p>;
  return <TextPreview file={file} path={path} kind={kind} />;
}

type TextKind = 'text' | 'json' | 'csv' | 'tsv' | 'markdown';

function kindOf({ mediaType = '', name }: FolderEntryWire): TextKind | 'image' | 'none' {
  if (mediaType.startsWith('image/')) return 'image';
  if (mediaType.startsWith('text/markdown')) return 'markdown';
  if (mediaType.startsWith('text/csv')) return 'csv';
  if (mediaType.startsWith('text/tab-separated')) return 'tsv';
  if (mediaType === 'application/json') return 'json';
  const isText = mediaType.startsWith('text/') || /^application\/(?:yaml|xml|jsonl|toml)/.test(mediaType) || !name.includes('.');
  return isText ? 'text' : 'none';
}

function TextPreview({ file, path, kind }: ArtifactPreviewProps & { readonly kind: TextKind }) {
  const text = useQuery({
    queryKey: ['artifact', path, file.digest],
    queryFn: async ({ signal }) => {
      const response = await fetch(address(path), { signal, headers: { range: `bytes=0-${previewBytes - 1}` } });
      // An empty file has no range; that is what 416 says.
      if (!response.ok && response.status !== 416) throw new Error(`The server answered ${response.status}.`);
      return response.status === 416 ? '' : response.text();
    },
    staleTime: Infinity,
  });
  const cut = file.size > previewBytes;
  return (
    <QueryView query={text} failure="The artifact could not be read" lines={5}>
      {(content) => (
        <>
          <div className={styles['previewBody']} tabIndex={0} role="region" aria-label={`Content of ${file.name}`}>
            <Content text={content} kind={cut && kind === 'json' ? 'text' : kind} name={file.name} />
          </div>
          {cut && <p className={styles['note']}>These are the first {formatBytes(previewBytes)}.</p>}
        </>
      )}
    </QueryView>
  );
}

function Content({ text, kind, name }: { readonly text: string; readonly kind: TextKind; readonly name: string }) {
  if (text === '') return <p className={styles['note']}>The file is empty.</p>;
  if (kind === 'markdown')
    return (
      <Suspense fallback={<Skeleton lines={3} />}>
        <Markdown text={text} />
      </Suspense>
    );
  if (kind === 'csv' || kind === 'tsv') return <CsvTable text={text} separator={kind === 'csv' ? ',' : '\t'} />;
  if (kind === 'json') {
    const value = tryJson(text);
    if (value !== undefined) return <JsonView label={name} value={value} />;
  }
  return <pre className={styles['text']}>{text}</pre>;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Shown as the text that it is.
    return undefined;
  }
}

function CsvTable({ text, separator }: { readonly text: string; readonly separator: string }) {
  const [head = [], ...rows] = parseCsv(text, separator);
  return (
    <>
      <table className={styles['csv']}>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, csvRows).map((row, index) => (
            <tr key={index}>
              {head.map((_, place) => (
                <td key={place}>{row[place] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > csvRows && (
        <p className={styles['note']}>
          The first {csvRows} of {formatCount(rows.length)} rows.
        </p>
      )}
    </>
  );
}
