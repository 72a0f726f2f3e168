import type { FolderEntryWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { formatCount } from '../../ui/format.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type FileHolder, filePath } from '../file-holder.ts';
import { textQuery } from '../preview/artifact-preview.tsx';
import type { ComparedRun } from './compared-runs.ts';
import styles from './compare.module.css';
import { diffLines, foldSame } from './text-diff.ts';

export const runHolder = (project: string, id: string): FileHolder => ({ kind: 'run', project, id });

interface TextDiffProps {
  readonly project: string;
  readonly name: string;
  readonly pair: readonly { readonly one: ComparedRun; readonly file: FolderEntryWire }[];
}

/** What differs between the texts of the first two runs. */
export function TextDiff({ project, name, pair }: TextDiffProps) {
  const [a, b] = pair;
  const left = useQuery(textQuery(filePath(runHolder(project, a?.one.run.id ?? ''), name), a?.file.digest));
  const right = useQuery(textQuery(filePath(runHolder(project, b?.one.run.id ?? ''), name), b?.file.digest));
  const lines = useMemo(
    () => (left.data === undefined || right.data === undefined ? undefined : foldSame(diffLines(left.data, right.data))),
    [left.data, right.data],
  );
  return (
    <>
      <p className={styles['note']}>
        − {a?.one.name} + {b?.one.name}
      </p>
      <QueryView query={left.isError ? left : right} failure="The file could not be read" lines={5}>
        {() =>
          lines === undefined ? (
            <Skeleton lines={5} />
          ) : lines.every(({ kind }) => kind === 'gap') ? (
            <p className={styles['note']}>Both are the same.</p>
          ) : (
            <div className={styles['diff']} tabIndex={0} role="region" aria-label={`Differences of ${name}`}>
              {lines.map((line, index) =>
                line.kind === 'gap' ? (
                  <div key={index} className={styles['gap']}>
                    {formatCount(line.count)} equal {line.count === 1 ? 'line' : 'lines'}
                  </div>
                ) : (
                  <div key={index} className={styles[line.kind]}>
                    <span aria-hidden>{line.left ?? ''}</span>
                    <span aria-hidden>{line.right ?? ''}</span>
                    <code>{`${{ same: ' ', removed: '−', added: '+' }[line.kind]} ${line.text}`}</code>
                  </div>
                ),
              )}
            </div>
          )
        }
      </QueryView>
    </>
  );
}
