import type { FolderEntryWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { Box, Download, File, Folder } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { address } from '../api/client.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { ExternalLink } from '../ui/link.tsx';
import { Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SearchField } from '../ui/text-field.tsx';
import { type FileHolder, folderQuery, zipPath } from './file-holder.ts';
import { ArtifactPreview } from './preview/artifact-preview.tsx';
import styles from './runs.module.css';

interface RunArtifactsProps {
  readonly holder: FileHolder;
  /** Path of the file or folder (with a slash at its end) that is open. */
  readonly open: string;
  readonly onOpen: (path: string) => void;
}

/** The files of a run or a logged model by folder, with a preview of the one that is open. */
export function RunArtifacts({ holder, open, onOpen }: RunArtifactsProps) {
  const folder = folderOf(open);
  const entries = useQuery(folderQuery(holder, folder));
  return (
    <QueryView query={entries} failure="The artifacts could not be read" lines={6}>
      {({ items, next }) =>
        items.length === 0 && folder === '' ? (
          <p className={styles['note']}>{nothing[holder.kind]}</p>
        ) : (
          <Panel flush>
            <Files holder={holder} folder={folder} items={items} cut={next !== undefined} open={open} onOpen={onOpen} />
          </Panel>
        )
      }
    </QueryView>
  );
}

const nothing = {
  run: 'The run kept no file. A file comes with mlflow.log_artifact, or with a PUT to the API.',
  'logged-model': 'The model has no file yet.',
} as const;

export function folderOf(open: string): string {
  return open.slice(0, open.lastIndexOf('/') + 1).replace(/\/$/, '');
}

interface FilesProps extends RunArtifactsProps {
  readonly folder: string;
  readonly items: readonly FolderEntryWire[];
  /** There are more than were read. */
  readonly cut: boolean;
}

function Files({ holder, folder, items, cut, open, onOpen }: FilesProps) {
  const file = items.find((entry) => entry.kind === 'file' && pathOf(folder, entry) === open);
  const model = items.find((entry) => entry.name === 'MLmodel');
  const size = items.reduce((sum, entry) => sum + entry.size, 0);
  const count = items.reduce((sum, entry) => sum + (entry.kind === 'file' ? 1 : entry.files), 0);
  // A folder with a model shows the model until somebody chooses a file.
  const shown = file ?? model;
  return (
    <div className={styles['artifacts']}>
      <div className={styles['files']}>
        <FolderPath folder={folder} onOpen={onOpen} />
        <FileList folder={folder} items={items} open={open} onOpen={onOpen} />
        <div className={styles['folderFoot']}>
          <span>
            {formatCount(count)} {count === 1 ? 'file' : 'files'}, {formatBytes(size)}
            {cut && '; the first 1,000 entries'}
          </span>
          <ExternalLink href={address(zipPath(holder), { folder: folder === '' ? undefined : folder })} download>
            <Download size={13} aria-hidden /> Zip
          </ExternalLink>
        </div>
      </div>
      {shown === undefined ? (
        <p className={styles['choose']}>Choose a file to look into it.</p>
      ) : (
        <ArtifactPreview key={pathOf(folder, shown)} holder={holder} name={pathOf(folder, shown)} file={shown} />
      )}
    </div>
  );
}

/** Path of an entry; that of a folder ends with a slash. */
export function pathOf(folder: string, entry: Pick<FolderEntryWire, 'name' | 'kind'>): string {
  return (folder === '' ? entry.name : `${folder}/${entry.name}`) + (entry.kind === 'folder' ? '/' : '');
}

interface FileListProps {
  readonly folder: string;
  readonly items: readonly FolderEntryWire[];
  readonly open: string;
  readonly onOpen: (path: string) => void;
  /** Said beside an entry in place of its size. */
  readonly note?: (entry: FolderEntryWire) => ReactNode;
}

const manyFiles = 30;

export function FileList({ folder, items, open, onOpen, note = sizeOf }: FileListProps) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = items.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <>
      {items.length > manyFiles && <SearchField label="Find a file" value={text} onChange={setText} />}
      <div className={styles['fileList']}>
        {shown.map((entry) => (
          <button
            key={`${entry.kind} ${entry.name}`}
            type="button"
            className={styles['file']}
            title={entry.name}
            aria-pressed={entry.kind === 'file' ? pathOf(folder, entry) === open : undefined}
            onClick={() => onOpen(pathOf(folder, entry))}
          >
            {entry.kind === 'folder' ? (
              <Folder size={14} aria-hidden />
            ) : entry.name === 'MLmodel' ? (
              <Box size={14} aria-hidden />
            ) : (
              <File size={14} aria-hidden />
            )}
            <span className={styles['fileName']}>{entry.name}</span>
            <span className={styles['fileSize']}>{note(entry)}</span>
          </button>
        ))}
      </div>
    </>
  );
}

function sizeOf(entry: FolderEntryWire): string {
  if (entry.kind === 'file') return formatBytes(entry.size);
  return entry.files === 1 ? '1 file' : `${formatCount(entry.files)} files`;
}

export function FolderPath({ folder, onOpen }: { readonly folder: string; readonly onOpen: (path: string) => void }) {
  const parts = folder === '' ? [] : folder.split('/');
  return (
    <nav className={styles['path']} aria-label="Folder">
      <button type="button" onClick={() => onOpen('')}>
        artifacts
      </button>
      {parts.map((part, index) => (
        <button key={`${index} ${part}`} type="button" onClick={() => onOpen(`${parts.slice(0, index + 1).join('/')}/`)}>
          {' / '}
          {part}
        </button>
      ))}
    </nav>
  );
}
