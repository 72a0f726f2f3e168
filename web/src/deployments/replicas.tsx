import type { RevisionWire } from '#serving/wire.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { RelativeTime } from '../ui/values.tsx';
import styles from './deployments.module.css';

const shapes: Readonly<Record<RevisionWire['replicas'][number]['state'], State>> = {
  starting: 'running',
  ready: 'ok',
  'backing-off': 'warning',
  failing: 'failed',
  stopping: 'waiting',
};

/** The processes that serve, by revision. */
export function Replicas({ label, revisions }: { readonly label: string; readonly revisions: readonly RevisionWire[] }) {
  const rows = revisions.flatMap((revision) => revision.replicas.map((replica) => ({ revision, replica })));
  if (rows.length === 0) return null;
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={`${label}, scrollable`}>
      <table className={styles['plainTable']}>
        <thead>
          <tr>
            <th scope="col">Replica</th>
            <th scope="col">State</th>
            <th scope="col" className={styles['number']}>
              Process
            </th>
            <th scope="col" className={styles['number']}>
              Restarts
            </th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ revision, replica }) => (
            <tr key={`${revision.id} ${replica.replica}`}>
              <td>
                revision {revision.number}, {replica.replica}
              </td>
              <td>
                <StateMark state={shapes[replica.state]} word={replica.state.replace('-', ' ')} />
                {replica.reason !== undefined && <div className={styles['note']}>{replica.reason}</div>}
              </td>
              <td className={styles['number']}>{replica.pid ?? '–'}</td>
              <td className={styles['number']}>{replica.restarts}</td>
              <td>{replica.startedAt === undefined ? '–' : <RelativeTime time={replica.startedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
