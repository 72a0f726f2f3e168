import type { VerificationWire } from '#governance/wire.ts';
import { post } from '../api/client.ts';
import { useAction } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { formatCount } from '../ui/format.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { Digest } from '../ui/values.tsx';
import styles from './events.module.css';

/** Lets the server hash every event again and compare the tree and all signed checkpoints. */
export function VerifyLog() {
  const verify = useAction<void, VerificationWire>(() => post<VerificationWire>('/events/verify'), ['events']);
  return (
    <div className={styles['verify']}>
      <div className={styles['verifyLine']}>
        <Button busy={verify.isPending} onClick={() => verify.mutate()}>
          Verify the log
        </Button>
        {verify.data === undefined && !verify.isPending && <CommandLine command="ripen events verify" />}
        <span aria-live="polite" className={styles['verifyLine']}>
          {verify.isPending && <StateMark state="running" word="Hashing every event again" />}
          {verify.data !== undefined && <Result verification={verify.data} />}
        </span>
      </div>
      {verify.isError && <ErrorState error={verify.error} title="The log could not be verified" onRetry={() => verify.mutate()} />}
      {verify.data !== undefined && verify.data.faults.length > 0 && (
        <ul className={styles['faults']}>
          {verify.data.faults.map((fault) => (
            <li key={`${fault.number} ${fault.fault}`}>
              <StateMark state="failed" word={fault.explanation} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Result({ verification: { ok, size, root, faults, checkpoints } }: { readonly verification: VerificationWire }) {
  if (!ok)
    return (
      <StateMark state="failed" word={`${faults.length} fault${faults.length === 1 ? '' : 's'} found in ${formatCount(size)} events`} />
    );
  const signed =
    checkpoints.checked === 0
      ? 'no checkpoint was signed yet'
      : `${formatCount(checkpoints.checked)} signed checkpoint${checkpoints.checked === 1 ? '' : 's'} hold`;
  return (
    <>
      <StateMark state="ok" word={`${formatCount(size)} events are as they were written; ${signed}`} /> <Digest digest={root} />
    </>
  );
}
