import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';
import { plainLine } from './log-text.ts';
import styles from './log-view.module.css';

export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

interface LogViewProps {
  readonly label: string;
  readonly lines: readonly LogLine[];
  /** True while lines still arrive: the view then stays at the end until the reader scrolls up. */
  readonly live?: boolean;
  readonly height?: number;
}

const lineHeight = 18;

/** Output of a process. Draws only the lines in sight, so that a million of them scroll smoothly. */
export function LogView({ label, lines, live = false, height = 320 }: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(live);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  useEffect(() => {
    if (follow && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, lines.length, rows]);

  if (lines.length === 0) return <p className={styles['empty']}>{live ? 'Nothing was printed yet.' : 'The process printed nothing.'}</p>;
  const digits = String(lines.length).length;
  return (
    <div className={styles['log']}>
      <div className={styles['bar']}>
        <span>
          {lines.length.toLocaleString('en')} {lines.length === 1 ? 'line' : 'lines'}
        </span>
        <span className={styles['tools']}>
          {live && (
            <Button look="plain" aria-pressed={follow} icon={<ArrowDownToLine size={14} aria-hidden />} onClick={() => setFollow(!follow)}>
              Follow
            </Button>
          )}
          <CopyButton text={() => lines.map((line) => plainLine(line.text)).join('\n')} label="Copy log" />
        </span>
      </div>
      <div
        ref={scroller}
        className={styles['scroller']}
        style={{ height: Math.min(height, lines.length * lineHeight + 16) }}
        role="log"
        aria-label={label}
        tabIndex={0}
        onScroll={(event) => setFollow(live && isAtEnd(event.currentTarget))}
      >
        <div className={styles['lines']} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const line = lines[row.index];
            return (
              <div
                key={row.key}
                className={classNames(styles['line'], line?.stream === 'stderr' && styles['stderr'])}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <span className={styles['number']} style={{ width: `${digits + 1}ch` }} aria-hidden>
                  {row.index + 1}
                </span>
                {plainLine(line?.text ?? '')}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function isAtEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < lineHeight * 2;
}
