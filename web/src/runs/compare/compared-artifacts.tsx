import type { FolderEntryWire } from '#tracking/wire.ts';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Panel } from '../../ui/page-header.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Preview } from '../preview/artifact-preview.tsx';
import { previewKind } from '../preview/preview-kind.ts';
import { FileList, folderOf, FolderPath, pathOf } from '../run-artifacts.tsx';
import { folderQuery } from '../file-holder.ts';
import runStyles from '../runs.module.css';
import type { ComparedRun } from './compared-runs.ts';
import styles from './compare.module.css';
import { runHolder, TextDiff } from './text-diff-view.tsx';

interface ComparedArtifactsProps {
  readonly project: string;
  readonly runs: readonly ComparedRun[];
  readonly open: string;
  readonly onOpen: (path: string) => void;
}

/** As many runs as fit beside each other. */
const mostRuns = 6;

/** One file of several runs side by side: pictures, tables, and texts with what differs between the first two. */
export function ComparedArtifacts({ project, runs, open, onOpen }: ComparedArtifactsProps) {
  const folder = folderOf(open);
  const shown = runs.slice(0, mostRuns);
  const lists = useQueries({
    queries: shown.map(({ run }) => folderQuery(runHolder(project, run.id), folder)),
    combine: (results) => ({ data: results.map((result) => result.data?.items), pending: results.some((result) => result.isPending) }),
  });
  const merged = useMemo(() => mergeEntries(lists.data), [lists.data]);
  if (lists.pending && merged.length === 0) return <Skeleton lines={6} />;
  if (merged.length === 0 && folder === '') return <p className={styles['note']}>These runs kept no file.</p>;
  const entries = merged.map(({ entry }) => entry);
  const files = merged.find(({ entry }) => entry.kind === 'file' && pathOf(folder, entry) === open)?.files;
  const notes = new Map(merged.map((one) => [`${one.entry.kind} ${one.entry.name}`, one]));
  return (
    <>
      {runs.length > mostRuns && <p className={styles['note']}>The first {mostRuns} runs are shown.</p>}
      <Panel flush>
        <div className={runStyles['artifacts']}>
          <div className={runStyles['files']}>
            <FolderPath folder={folder} onOpen={onOpen} />
            <FileList
              folder={folder}
              items={entries}
              open={open}
              onOpen={onOpen}
              note={(entry) => {
                const one = notes.get(`${entry.kind} ${entry.name}`);
                if (one === undefined) return '';
                if (one.count < shown.length) return `in ${formatCount(one.count)}`;
                return one.differs ? 'differs' : 'same';
              }}
            />
          </div>
          {files === undefined ? (
            <p className={runStyles['choose']}>Choose a file to see it of each run.</p>
          ) : (
            <Sides project={project} runs={shown} name={open} files={files} />
          )}
        </div>
      </Panel>
    </>
  );
}

interface MergedEntry {
  readonly entry: FolderEntryWire;
  /** In how many runs it is. */
  readonly count: number;
  readonly differs: boolean;
  /** By run; undefined where the run lacks it. */
  readonly files: readonly (FolderEntryWire | undefined)[];
}

export function mergeEntries(lists: readonly (readonly FolderEntryWire[] | undefined)[]): readonly MergedEntry[] {
  const all = lists.flatMap((list) => list ?? []);
  const first = new Map(all.map((entry) => [`${entry.kind} ${entry.name}`, entry]));
  const merged = [...first.values()].map((entry) => {
    const files = lists.map((list) => list?.find(({ kind, name }) => kind === entry.kind && name === entry.name));
    const there = files.filter((file) => file !== undefined);
    const same = new Set(there.map((file) => file.digest ?? `${file.size} ${file.files}`)).size === 1;
    return { entry, count: there.length, differs: !same, files };
  });
  return merged.toSorted((a, b) => a.entry.kind.localeCompare(b.entry.kind) * -1 || a.entry.name.localeCompare(b.entry.name));
}

interface SidesProps {
  readonly project: string;
  readonly runs: readonly ComparedRun[];
  readonly name: string;
  readonly files: readonly (FolderEntryWire | undefined)[];
}

function Sides({ project, runs, name, files }: SidesProps) {
  const [asDiff, setAsDiff] = useState(true);
  const there = runs.flatMap((one, index) => {
    const file = files[index];
    return file === undefined ? [] : [{ one, file }];
  });
  const kind = there[0] === undefined ? 'none' : previewKind(there[0].file);
  const isText = ['text', 'json', 'markdown', 'model', 'unknown'].includes(kind) && there.length >= 2;
  return (
    <div className={styles['sidesBox']}>
      {isText && <Checkbox label="Show what differs between the first two" checked={asDiff} onChange={setAsDiff} />}
      {isText && asDiff ? (
        <TextDiff project={project} name={name} pair={there} />
      ) : (
        <div className={styles['sides']}>
          {runs.map((one, index) => {
            const file = files[index];
            return (
              <figure key={one.run.id} className={styles['side']}>
                <figcaption>
                  <span className={styles['swatch']} style={{ background: `var(--series-${(one.colour % 8) + 1})` }} aria-hidden />
                  {one.name} {file !== undefined && <span className={styles['note']}>{formatBytes(file.size)}</span>}
                </figcaption>
                {file === undefined ? (
                  <p className={styles['note']}>This run has no such file.</p>
                ) : (
                  <Preview holder={runHolder(project, one.run.id)} name={name} file={file} />
                )}
              </figure>
            );
          })}
        </div>
      )}
    </div>
  );
}
