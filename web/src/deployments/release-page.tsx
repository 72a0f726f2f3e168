import type { ReleaseStoryWire } from '#delivery/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Badge } from '../ui/badge.tsx';
import { formatDuration, shortId } from '../ui/format.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { Digest, RelativeTime } from '../ui/values.tsx';
import styles from './deployments.module.css';
import { releaseQuery } from './deployments-api.ts';
import { GatePanel } from './gate-panel.tsx';
import { ReleaseActions } from './release-actions.tsx';
import { isUnderWay, ReleaseState, releaseWord, way } from './release-state.tsx';

const route = getRouteApi('/$project/releases/$release');

export function ReleasePage() {
  const { project, release: id } = route.useParams();
  const query = useQuery({
    ...releaseQuery(project, id),
    refetchInterval: (state) => (state.state.data !== undefined && isUnderWay(state.state.data) ? 1_000 : false),
  });
  const release = query.data;
  return (
    <>
      <PageHeader
        title={release === undefined ? 'Release' : `Release ${release.number}`}
        path={
          <Link to="/$project/releases" params={{ project }}>
            Releases
          </Link>
        }
        marks={
          release !== undefined && (
            <>
              <ReleaseState state={release.state} />
              {release.deliberate && <Badge tone="outline">rehearsal: expected to be refused</Badge>}
            </>
          )
        }
        description={release !== undefined && <Reason project={project} reason={release.reason} />}
        actions={release !== undefined && <ReleaseActions project={project} release={release} />}
      />
      <QueryView query={query} failure="The release could not be read" lines={12}>
        {(read) => <Story project={project} release={read} />}
      </QueryView>
    </>
  );
}

/** The reason; a pipeline run that it names is a link. */
function Reason({ project, reason }: { readonly project: string; readonly reason: string }) {
  const [before, id, after] = reason.split(/\b([0-9a-f]{32})\b/, 3);
  if (id === undefined || before?.endsWith('pipeline run ') !== true) return <>{reason}</>;
  return (
    <>
      {before}
      <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun: id }}>
        {shortId(id)}
      </Link>
      {after}
    </>
  );
}

function Story({ project, release }: { readonly project: string; readonly release: ReleaseStoryWire }) {
  return (
    <>
      <Way release={release} />
      <Outcome release={release} />
      {release.gates.map((gate) => (
        <GatePanel key={`${gate.environment} ${gate.time}`} gate={gate} />
      ))}
      <div className={styles['columns']}>
        <Section title="Release">
          <KeyValues
            items={[
              {
                key: 'Model version',
                value: (
                  <Link to="/$project/models/$model/$version" params={{ project, model: release.model, version: String(release.version) }}>
                    {release.model} {release.version}
                  </Link>
                ),
              },
              {
                key: 'Deployment',
                value: (
                  <Link to="/$project/deployments/$deployment" params={{ project, deployment: release.deployment }}>
                    {release.deployment}
                  </Link>
                ),
              },
              { key: 'Digest', value: <Digest digest={release.digest} /> },
              { key: 'Asked for by', value: `${release.author.name}${release.cause === 'retrain' ? ' after retraining' : ''}` },
              { key: 'Created', value: <RelativeTime time={release.createdAt} /> },
              ...(release.comparedWith === undefined ? [] : [{ key: 'Compared with', value: `version ${release.comparedWith}` }]),
            ]}
          />
        </Section>
        <Section title="Approvals" note={release.approvalsNeeded === 0 ? 'none is needed' : `${release.approvalsNeeded} needed`}>
          {release.approvals.length === 0 ? (
            <p className={styles['note']}>
              Nobody has approved.{' '}
              {release.approvalsNeeded === 0 && 'ripen.yaml asks for no approval of a second person before production.'}
            </p>
          ) : (
            <KeyValues
              items={release.approvals.map((approval) => ({
                key: approval.approver.name,
                value: (
                  <>
                    <RelativeTime time={approval.time} /> {approval.comment}{' '}
                    {!approval.counts && <Badge tone="warning">does not count</Badge>}
                  </>
                ),
              }))}
            />
          )}
        </Section>
      </div>
    </>
  );
}

/** The states on the way to production: which were passed, how long each took, where it ended. */
function Way({ release }: { readonly release: ReleaseStoryWire }) {
  const steps = way.map((state) => {
    const index = release.timeline.findIndex((line) => line.state === state);
    const line = release.timeline[index];
    const next = release.timeline[index + 1];
    const isLast = index !== -1 && next === undefined;
    const endedHere = next !== undefined && !way.some((each) => each === next.state);
    return { state, line, endedHere, isLast, took: line === undefined || next === undefined ? undefined : next.time - line.time };
  });
  return (
    <ol className={styles['way']} aria-label="Way of the release">
      {steps.map(({ state, line, endedHere, isLast, took }) => (
        <li
          key={state}
          className={styles['wayStep']}
          data-reached={line !== undefined || undefined}
          aria-current={isLast && isUnderWay(release) ? 'step' : undefined}
        >
          <StateMark state={markOf({ reached: line !== undefined, endedHere, isLast, state })} word={releaseWord(state)} />
          <span className={styles['note']}>
            {line === undefined ? 'not reached' : took === undefined ? <RelativeTime time={line.time} /> : formatDuration(took)}
          </span>
        </li>
      ))}
    </ol>
  );
}

interface Reached {
  readonly reached: boolean;
  readonly endedHere: boolean;
  readonly isLast: boolean;
  readonly state: (typeof way)[number];
}

function markOf({ reached, endedHere, isLast, state }: Reached): State {
  if (!reached) return 'waiting';
  if (endedHere) return 'failed';
  if (!isLast || state === 'released') return 'ok';
  return state === 'awaiting-approval' ? 'warning' : 'running';
}

const ends = {
  refused: 'Refused',
  'rolled-back': 'Rolled back',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const;

/** A release that did not reach production says why, large. */
function Outcome({ release }: { readonly release: ReleaseStoryWire }) {
  const { state } = release;
  if (state !== 'refused' && state !== 'rolled-back' && state !== 'failed' && state !== 'cancelled')
    return release.note === undefined ? null : <p className={styles['wayNote']}>{release.note}</p>;
  const refused = release.gates.findLast((gate) => gate.outcome !== 'passed')?.checks.filter((check) => check.outcome === 'refused') ?? [];
  return (
    <section className={state === 'cancelled' ? styles['outcomeQuiet'] : styles['outcome']} aria-label="Outcome">
      <h2>
        {ends[state]}: {release.model} version {release.version} did not go to production
      </h2>
      {release.note !== undefined && <p>{release.note}</p>}
      {release.failure !== undefined && (
        <>
          <p>{release.failure.message}</p>
          {release.failure.hint !== undefined && <p className={styles['second']}>{release.failure.hint}</p>}
          <code className={styles['note']}>{release.failure.code}</code>
        </>
      )}
      {refused.length > 0 && (
        <ul>
          {refused.map((check) => (
            <li key={check.name}>
              <strong>{check.name.replaceAll('_', ' ')}</strong> {check.explanation}
            </li>
          ))}
        </ul>
      )}
      {release.deliberate && <p className={styles['second']}>It was a rehearsal, made to be refused: the gates hold.</p>}
    </section>
  );
}
