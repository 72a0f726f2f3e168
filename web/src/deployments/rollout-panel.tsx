import type { PlaceWire, RolloutWire } from '#serving/wire.ts';
import { useState } from 'react';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { formatNumber } from '../ui/format.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { rolloutCommand } from './commands.ts';
import styles from './deployments.module.css';
import { type RolloutAction, useRolloutAction } from './deployments-api.ts';
import { isActiveRollout } from './place-state.ts';

const shapes: Readonly<Record<RolloutWire['state'], State>> = {
  pending: 'waiting',
  progressing: 'running',
  judging: 'running',
  paused: 'warning',
  promoted: 'ok',
  'rolled-back': 'failed',
  cancelled: 'off',
};
type Measurement = RolloutWire['measurements'][number];
const verdicts: Readonly<Record<Measurement['verdict'], State>> = { passed: 'ok', failed: 'failed', inconclusive: 'unknown' };

interface RolloutPanelProps {
  readonly project: string;
  readonly place: PlaceWire;
  readonly rollout: RolloutWire;
}

/** How a revision gets its traffic: the steps, and how each was judged. */
export function RolloutPanel({ project, place, rollout }: RolloutPanelProps) {
  const [asked, setAsked] = useState<RolloutAction>();
  const candidate = place.revisions.find((revision) => revision.id === rollout.revision);
  const stable = place.revisions.find((revision) => revision.id === rollout.stable);
  const active = isActiveRollout(rollout);
  const last = rollout.measurements.at(-1);
  return (
    <section className={styles['rollout']} aria-label={`Rollout in ${place.environment}`}>
      <div className={styles['rolloutHead']}>
        <strong>{rollout.strategy === 'canary' ? 'Canary' : 'All at once'}</strong>
        <span className={styles['second']}>
          version {candidate?.modelVersion ?? '?'}
          {stable === undefined ? ', the first' : ` against version ${stable.modelVersion}`}
        </span>
        <StateMark state={shapes[rollout.state]} word={rollout.state.replace('-', ' ')} />
        <span className={styles['note']}>
          {active ? (
            <>
              for <Duration since={rollout.stateAt} />
            </>
          ) : (
            rollout.finishedAt !== undefined && <RelativeTime time={rollout.finishedAt} />
          )}
        </span>
        {active && (
          <span className={styles['headEnd']}>
            {rollout.state === 'paused' ? (
              <Button onClick={() => setAsked('resume')}>Resume</Button>
            ) : (
              <Button onClick={() => setAsked('pause')}>Pause</Button>
            )}
            <Button look="danger" onClick={() => setAsked('abort')}>
              Abort
            </Button>
          </span>
        )}
      </div>
      {rollout.reason !== undefined && <p>{rollout.reason}</p>}
      <ol className={styles['steps']} aria-label="Steps of the rollout">
        {rollout.steps.map((weight, index) => (
          <li key={weight} className={styles['rolloutStep']} aria-current={active && index === rollout.step ? 'step' : undefined}>
            <StepMark rollout={rollout} index={index} />
            <strong>{weight} %</strong>
          </li>
        ))}
      </ol>
      {last !== undefined && <Checks measurement={last} environment={place.environment} />}
      {asked !== undefined && <RolloutDialog project={project} rollout={rollout} action={asked} onClose={() => setAsked(undefined)} />}
    </section>
  );
}

function StepMark({ rollout, index }: { readonly rollout: RolloutWire; readonly index: number }) {
  const measured = rollout.measurements.findLast((measurement) => measurement.step === index);
  const isCurrent = isActiveRollout(rollout) && index === rollout.step;
  if (isCurrent) return <StateMark state={rollout.state === 'paused' ? 'warning' : 'running'} word={rollout.state} />;
  if (measured !== undefined) return <StateMark state={verdicts[measured.verdict]} word={measured.verdict} />;
  if (rollout.state === 'promoted') return <StateMark state="ok" word="reached" />;
  return <StateMark state="waiting" word={isActiveRollout(rollout) ? 'to come' : 'not reached'} />;
}

function Checks({ measurement, environment }: { readonly measurement: Measurement; readonly environment: string }) {
  return (
    <div
      className={styles['scroller']}
      tabIndex={0}
      role="region"
      aria-label={`Checks of the last judged step in ${environment}, scrollable`}
    >
      <table className={styles['plainTable']}>
        <caption>
          Last judged at {measurement.weight} %, <RelativeTime time={measurement.time} />
        </caption>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col" className={styles['number']}>
              Value
            </th>
            <th scope="col" className={styles['number']}>
              Threshold
            </th>
            <th scope="col">Explanation</th>
          </tr>
        </thead>
        <tbody>
          {measurement.checks.map((check) => (
            <tr key={check.name}>
              <td>
                <StateMark state={verdicts[check.outcome]} word={check.name.replaceAll(/[-_]/g, ' ')} />
              </td>
              <td className={styles['number']}>{check.value === undefined ? '–' : formatNumber(check.value)}</td>
              <td className={styles['number']}>{check.threshold === undefined ? '–' : formatNumber(check.threshold)}</td>
              <td className={styles['explanation']}>{check.explanation}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const words = {
  pause: {
    title: 'Pause this rollout',
    verb: 'Pause',
    description: 'The weights stay as they are, and nothing is judged, until somebody resumes it.',
  },
  resume: { title: 'Resume this rollout', verb: 'Resume', description: 'The present step begins again and is judged on new traffic.' },
  abort: {
    title: 'Abort this rollout',
    verb: 'Abort rollout',
    description: 'All traffic goes back to the stable revision, and the candidate is let go.',
  },
} as const;

interface RolloutDialogProps {
  readonly project: string;
  readonly rollout: RolloutWire;
  readonly action: RolloutAction;
  readonly onClose: () => void;
}

function RolloutDialog({ project, rollout, action, onClose }: RolloutDialogProps) {
  const [reason, setReason] = useState('');
  const act = useRolloutAction(project, rollout.id);
  return (
    <ActionDialog
      {...words[action]}
      danger={action === 'abort'}
      command={rolloutCommand(project, rollout, action)}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onConfirm={() => act.mutate({ action, reason: reason.trim() }, { onSuccess: onClose })}
    >
      <TextField label="Reason" value={reason} onChange={setReason} help="Goes into the event log." />
    </ActionDialog>
  );
}
