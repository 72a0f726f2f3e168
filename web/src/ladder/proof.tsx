import { useQuery, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { AssessmentWire } from '#maturity/wire.ts';
import { IconButton } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Link } from '../ui/link.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { Digest } from '../ui/values.tsx';
import { type ProofLine, proveNow, provePast } from './prove.ts';
import styles from './ladder.module.css';

interface ProofProps {
  readonly project: string;
  readonly assessment: AssessmentWire;
  /** The past moment that is shown; undefined for now. */
  readonly at: string | undefined;
  readonly onClose: () => void;
}

/** Checks the ladder that is shown: computed again by the server, and its place in the log computed here. */
export function Proof({ project, assessment, at, onClose }: ProofProps) {
  const client = useQueryClient();
  // A proof is of one moment: it is made once, when asked for, and not again when the ladder moves on.
  const proof = useQuery({
    queryKey: ['proof', project, at ?? 'now'],
    queryFn: async () => {
      const lines = at === undefined ? await proveNow(project) : await provePast(project, at, assessment);
      if (at === undefined) await client.invalidateQueries({ queryKey: ['ladder'] });
      return lines;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <section className={styles['proof']} aria-label="Proof" aria-live="polite">
      <div className={styles['proofHead']}>
        {proof.isPending && <StateMark state="running" word="Verifying" />}
        {proof.data !== undefined && (
          <StateMark
            state={proof.data.every((line) => line.ok) ? 'ok' : 'failed'}
            word={proof.data.every((line) => line.ok) ? 'Verified' : 'Not verified'}
          />
        )}
        <IconButton label="Close proof" icon={<X size={14} aria-hidden />} onClick={onClose} />
      </div>
      {proof.isError && <ErrorState error={proof.error} title="The ladder could not be verified" onRetry={() => void proof.refetch()} />}
      {proof.data !== undefined && (
        <ol className={styles['proofLines']}>
          {proof.data.map((line) => (
            <Line key={line.text} project={project} line={line} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ project, line }: { readonly project: string; readonly line: ProofLine }) {
  return (
    <li>
      <StateMark state={line.ok ? 'ok' : 'failed'} word={line.text} />
      {line.root !== undefined && <Digest digest={line.root} />}
      {line.event !== undefined && (
        <Link to="/$project/events" params={{ project }} search={{ number: line.event }}>
          event {line.event}
        </Link>
      )}
    </li>
  );
}
