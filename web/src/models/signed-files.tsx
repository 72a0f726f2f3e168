import type { SignatureVerificationWire } from '#registry/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { address } from '../api/client.ts';
import { counted } from '../charts/chart-model.ts';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import linkStyles from '../ui/link.module.css';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { Digest, RelativeTime } from '../ui/values.tsx';
import { shellWord } from '../pipelines/commands.ts';
import styles from './model-directory.module.css';
import { bundlePath, keyPath, signatureQuery, useVerify, type VersionAddress } from './model-queries.ts';

const states: Readonly<Record<SignatureVerificationWire['state'], { readonly state: State; readonly word: string }>> = {
  valid: { state: 'ok', word: 'Signed' },
  invalid: { state: 'failed', word: 'Not what was signed' },
  unsigned: { state: 'unknown', word: 'Not signed' },
};

/** Whether the files are what was registered. */
export function SignatureMark({ of }: { readonly of: VersionAddress }) {
  const { data } = useQuery(signatureQuery(of));
  return data === undefined ? null : <StateMark {...states[data.state]} />;
}

/** The signature of a version: by which key, over which files; a button hashes the stored bytes again. */
export function SignedFiles({ of }: { readonly of: VersionAddress }) {
  const recorded = useQuery(signatureQuery(of));
  const verify = useVerify(of);
  const shown = verify.data ?? recorded.data;
  if (recorded.isError) return <ErrorState error={recorded.error} title="The signature could not be read" />;
  if (shown === undefined) return null;
  if (shown.state === 'unsigned')
    return (
      <div className={styles['signed']}>
        <StateMark {...states.unsigned} />
        <span className={styles['muted']}>It has no files of its own that could be signed.</span>
      </div>
    );
  return (
    <div className={styles['signed']}>
      <div className={styles['signedLine']}>
        <StateMark {...states[shown.state]} />
        {shown.key !== undefined && (
          <span>
            by key <Digest digest={shown.key} />
          </span>
        )}
        {shown.signedAt !== undefined && <RelativeTime time={shown.signedAt} />}
        <span className={styles['muted']}>
          {counted(shown.files.length, 'file')}, {shown.bytes ? 'every byte hashed again' : 'by their recorded digests'}
        </span>
        <span className={styles['signedActions']}>
          <Button icon={<ShieldCheck size={14} aria-hidden />} busy={verify.isPending} onClick={() => verify.mutate(undefined)}>
            Verify files
          </Button>
          <a className={linkStyles['link']} href={address(bundlePath(of))} download="model.sig">
            model.sig
          </a>
          <a className={linkStyles['link']} href={address(keyPath(shown.key ?? 'current'))} download="key.pub">
            public key
          </a>
        </span>
      </div>
      {shown.problems.map((problem) => (
        <p key={problem}>
          <StateMark state="failed" word={problem} />
        </p>
      ))}
      {verify.isError && <ErrorState error={verify.error} title="The files could not be verified" />}
      <CommandLine command={`ripen models check ${shellWord(of.model)} ${of.version} --project ${shellWord(of.project)}`} />
    </div>
  );
}
