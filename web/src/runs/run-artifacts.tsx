import type { FolderEntryWire, RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { File, Folder } from 'lucide-react';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { ArtifactPreview } from './artifact-preview.tsx';
import styles from './runs.module.css';
import { artifactPath, artifactsQuery } from './runs-api.ts';

interface RunArtifactsProps {
  readonly run: RunWire;
  /** Path of the file or folder (with a slash at its end) that is open. */
  readonly open: string;
  readonly onOpen: (path: string) => void;
}

/** The files of a run by folder, with a preview of the one that is open. */
export function RunArtifacts({ run, open, onOpen }: RunArtifactsProps) {
  const folder = open.slice(0, open.lastIndexOf('/') + 1).replace(/\/$/, '');
  const entries = useQuery(artifactsQuery(run.project, run.id, folder));
  return (
    <Section title="Artifacts">
      <QueryView query={entries} failure="The artifacts could not be read" lines={3}>
        {({ items }) =>
          items.length === 0 && folder === '' ? (
            <p className={styles['note']}>The run kept no file.</p>
          ) : (
            <Panel flush>
              <Files run={run} folder={folder} items={items} open={open} onOpen={onOpen} />
            </Panel>
          )
        }
      </QueryView>
    </Section>
  );
}

interface FilesProps extends RunArtifactsProps {
  readonly folder: string;
  readonly items: readonly FolderEntryWire[];
}

function Files({ run, folder, items, open, onOpen }: FilesProps) {
  const pathOf = (entry: FolderEntryWire) =>
    (folder === '' ? entry.name : `${folder}/${entry.name}`) + (entry.kind === 'folder' ? '/' : '');
  const file = items.find((entry) => entry.kind === 'file' && pathOf(entry) === open);
  return (
    <div className={styles['artifacts']}>
      <div className={styles['files']}>
        {folder !== '' && <FolderPath folder={folder} onOpen={onOpen} />}
        {items.map((entry) => (
          <button
            key={entry.name}
            type="button"
            className={styles['file']}
            aria-pressed={entry.kind === 'file' ? entry === file : undefined}
            onClick={() => onOpen(pathOf(entry))}
          >
            {entry.kind === 'folder' ? <Folder size={14} aria-hidden /> : <File size={14} aria-hidden />}
            <span className={styles['fileName']}>{entry.name}</span>
            <span className={styles['fileSize']}>
              {entry.kind === 'folder' ? `${formatCount(entry.files)} files` : formatBytes(entry.size)}
            </span>
          </button>
        ))}
      </div>
      {file === undefined ? (
        <p className={styles['preview']}>Choose a file to look into it.</p>
      ) : (
        <ArtifactPreview key={open} file={file} path={artifactPath(run.project, run.id, open)} />
      )}
    </div>
  );
}

function FolderPath({ folder, onOpen }: { readonly folder: string; readonly onOpen: (path: string) => void }) {
  const parts = folder.split('/');
  return (
    <div className={styles['path']}>
      <button type="button" onClick={() => onOpen('')}>
        artifacts
      </button>
      {parts.map((part, index) => (
        <button key={part} type="button" onClick={() => onOpen(`${parts.slice(0, index + 1).join('/')}/`)}>
          {' / '}
          {part}
        </button>
      ))}
    </div>
  );
}
