import { CopyButton } from './copy-button.tsx';
import { formatBytes, formatCount, formatDuration, formatExact, formatNumber, formatRelative, formatShare, shortDigest } from './format.ts';
import { Tip } from './tooltip.tsx';
import { VisuallyHidden } from './visually-hidden.tsx';
import { useNow } from './use-now.ts';
import styles from './values.module.css';

/** Shown wherever there is no value; `why` says what that means here ("not measured", "still running"). */
export function Missing({ why }: { readonly why: string }) {
  return (
    <Tip text={why}>
      <span className={styles['missing']}>
        <span aria-hidden>–</span>
        <VisuallyHidden>{why}</VisuallyHidden>
      </span>
    </Tip>
  );
}

/** How long ago, in words; the exact time with its zone on hover and focus. */
export function RelativeTime({ time }: { readonly time: number }) {
  const now = useNow();
  if (!Number.isFinite(time)) return <Missing why="time not known" />;
  return (
    <Tip text={formatExact(time)}>
      <time className={styles['plain']} dateTime={new Date(time).toISOString()}>
        {formatRelative(time, now)}
      </time>
    </Tip>
  );
}

/** Length in ms; without `ms` it counts from `since` until now. */
export function Duration({ ms, since }: { readonly ms?: number | undefined; readonly since?: number | undefined }) {
  if (ms !== undefined) return <span className={styles['plain']}>{formatDuration(ms)}</span>;
  return since === undefined ? <Missing why="not finished" /> : <Running since={since} />;
}

function Running({ since }: { readonly since: number }) {
  return <span className={styles['plain']}>{formatDuration(Math.max(0, Math.floor((useNow() - since) / 1_000) * 1_000))}</span>;
}

export function Bytes({ bytes }: { readonly bytes: number }) {
  return (
    <Tip text={`${formatCount(bytes)} bytes`}>
      <span className={styles['plain']}>{formatBytes(bytes)}</span>
    </Tip>
  );
}

/** A measure; exact on hover when it had to be shortened. */
export function Figure({ value, kind = 'number' }: { readonly value: number; readonly kind?: 'number' | 'count' | 'share' }) {
  const shown = { number: formatNumber, count: formatCount, share: formatShare }[kind](value);
  if (shown === String(value)) return <span className={styles['plain']}>{shown}</span>;
  return (
    <Tip text={String(value)}>
      <span className={styles['plain']}>{shown}</span>
    </Tip>
  );
}

/** A content digest, shortened; whole on hover, and copied whole. */
export function Digest({ digest }: { readonly digest: string }) {
  return (
    <span className={styles['digest']}>
      <Tip text={digest}>
        <code>{shortDigest(digest)}</code>
      </Tip>
      <CopyButton text={digest} label="Copy digest" className={styles['copy']} />
    </span>
  );
}
