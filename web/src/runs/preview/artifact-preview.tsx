import type { FolderEntryWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { address } from '../../api/client.ts';
import { formatBytes } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { ExternalLink } from '../../ui/link.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Digest } from '../../ui/values.tsx';
import { type FileHolder, filePath, modelUri } from '../file-holder.ts';
import { looksBinary, type PreviewKind, previewKind } from './preview-kind.ts';
import styles from './preview.module.css';
import { splitTable } from './split-table.ts';
import { SplitTable, TablePreview } from './table-preview.tsx';

// Large, and needed for few files.
const Markdown = lazy(() => import('../../ui/markdown.tsx').then((module) => ({ default: module.Markdown })));
const ModelPreview = lazy(() => import('./model-preview.tsx').then((module) => ({ default: module.ModelPreview })));

/** More than this is not read for a preview. */
const previewBytes = 512 * 1024;

export interface PreviewedFile {
  readonly holder: FileHolder;
  /** The whole path of the file. */
  readonly name: string;
  readonly file: FolderEntryWire;
}

/** An artifact as far as a page can show it; everything can be saved. */
export function ArtifactPreview(props: PreviewedFile) {
  const { holder, name, file } = props;
  const path = filePath(holder, name);
  return (
    <div className={styles['preview']}>
      <div className={styles['head']}>
        <strong>{file.name}</strong>
        <span>
          {file.digest !== undefined && <Digest digest={file.digest} />}
          <ExternalLink href={address(path, { download: true })} download>
            Save {formatBytes(file.size)}
          </ExternalLink>
        </span>
      </div>
      <Preview {...props} />
    </div>
  );
}

/** The content alone. */
export function Preview({ holder, name, file }: PreviewedFile) {
  const path = filePath(holder, name);
  const kind = previewKind(file);
  if (kind === 'image') return <img className={styles['image']} src={address(path)} alt={file.name} />;
  if (kind === 'video') return <video className={styles['image']} src={address(path)} controls preload="metadata" aria-label={file.name} />;
  if (kind === 'audio') return <audio src={address(path)} controls preload="metadata" aria-label={file.name} />;
  if (kind === 'table') return <TablePreview key={`${name} ${file.digest ?? ''}`} holder={holder} name={name} />;
  if (kind === 'html') return <HtmlPreview name={file.name} path={path} />;
  if (kind === 'none') return <p className={styles['note']}>There is no preview of {file.mediaType ?? 'this kind of file'}.</p>;
  return <TextPreview file={file} path={path} kind={kind} uri={modelUri(holder, name.replace(/\/?MLmodel$/, ''))} />;
}

/**
 * A page in a frame of its own origin: its scripts run, but the frame may neither read this page nor ask any server, which both
 * the attribute and the policy that the server sends with it hold.
 */
function HtmlPreview({ name, path }: { readonly name: string; readonly path: string }) {
  return (
    <>
      <iframe
        className={styles['frame']}
        title={`Page ${name}`}
        src={address(path, { framed: true })}
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
      />
      <p className={styles['note']}>
        The page is shown apart: it can reach neither Ripen nor the network, so what it loads from elsewhere is missing.
      </p>
    </>
  );
}

interface TextPreviewProps {
  readonly file: FolderEntryWire;
  readonly path: string;
  readonly kind: PreviewKind;
  readonly uri: string;
}

export const textQuery = (path: string, digest: string | undefined) => ({
  queryKey: ['artifact', path, digest] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const response = await fetch(address(path), { signal, headers: { range: `bytes=0-${previewBytes - 1}` } });
    // An empty file has no range; that is what 416 says.
    if (!response.ok && response.status !== 416) throw new Error(`The server answered ${response.status}.`);
    return response.status === 416 ? '' : response.text();
  },
  staleTime: Infinity,
});

function TextPreview({ file, path, kind, uri }: TextPreviewProps) {
  const text = useQuery(textQuery(path, file.digest));
  const cut = file.size > previewBytes;
  return (
    <QueryView query={text} failure="The artifact could not be read" lines={5}>
      {(content) => (
        <>
          <div className={styles['body']} tabIndex={0} role="region" aria-label={`Content of ${file.name}`}>
            <Content text={content} kind={cut ? 'text' : kind} name={file.name} uri={uri} />
          </div>
          {cut && <p className={styles['note']}>These are the first {formatBytes(previewBytes)}.</p>}
        </>
      )}
    </QueryView>
  );
}

function Content({
  text,
  kind,
  name,
  uri,
}: {
  readonly text: string;
  readonly kind: PreviewKind;
  readonly name: string;
  readonly uri: string;
}): ReactNode {
  if (text === '') return <p className={styles['note']}>The file is empty.</p>;
  if (kind === 'unknown' && looksBinary(text)) return <p className={styles['note']}>There is no preview of this kind of file.</p>;
  if (kind === 'markdown' || kind === 'model')
    return (
      <Suspense fallback={<Skeleton lines={3} />}>
        {kind === 'model' ? <ModelPreview text={text} uri={uri} /> : <Markdown text={text} />}
      </Suspense>
    );
  if (kind === 'json') {
    const value = tryJson(text);
    const table = splitTable(value);
    if (table !== undefined) return <SplitTable table={table} />;
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
