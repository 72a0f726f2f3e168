import { useQuery } from '@tanstack/react-query';
import type { InclusionProofWire } from '#governance/wire.ts';
import { formatCount } from '../ui/format.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { Digest } from '../ui/values.tsx';
import styles from './events.module.css';
import { canHash, hashLeaf, includes } from './merkle.ts';

type Outcome = 'proved' | 'event-differs' | 'not-in-log' | 'cannot-hash';

const outcomes = {
  proved: { state: 'ok', word: 'In the log, checked in this browser' },
  'event-differs': { state: 'failed', word: 'The event is not the one that was logged' },
  'not-in-log': { state: 'failed', word: 'The proof does not lead to the root' },
  'cannot-hash': { state: 'unknown', word: 'Not checked: open the page on this computer or over https' },
} as const;

async function check(proof: InclusionProofWire): Promise<Outcome> {
  if (!canHash()) return 'cannot-hash';
  if ((await hashLeaf(proof.event)) !== proof.leaf) return 'event-differs';
  return (await includes(proof)) ? 'proved' : 'not-in-log';
}

/** Hashes the event here and walks its path to the root of the log. */
export function InclusionCheck({ proof }: { readonly proof: InclusionProofWire }) {
  const { data } = useQuery({
    queryKey: ['inclusion', proof.index, proof.size, proof.root],
    queryFn: () => check(proof),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const outcome = data === undefined ? undefined : outcomes[data];
  return (
    <section aria-label="Proof" className={styles['part']}>
      <h3>Proof</h3>
      <p aria-live="polite">{outcome === undefined ? <StateMark state="running" word="Checking" /> : <StateMark {...outcome} />}</p>
      <KeyValues
        items={[
          { key: 'Leaf', value: <Digest digest={proof.leaf} /> },
          { key: 'Root', value: <Digest digest={proof.root} /> },
          { key: 'Log size', value: formatCount(proof.size) },
          { key: 'Path', value: `${proof.path.length} hash${proof.path.length === 1 ? '' : 'es'}` },
        ]}
      />
      {proof.path.length > 0 && (
        <details className={styles['path']}>
          <summary>Path to the root</summary>
          <ol>
            {proof.path.map((hash, index) => (
              <li key={`${index} ${hash}`}>
                <code>{hash}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}
