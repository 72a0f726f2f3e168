import type { PlaceWire, TrafficSeriesWire } from '#serving/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { WeightBar } from '../charts/weight-bar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { formatNumber, formatShare } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { useNow } from '../ui/use-now.ts';
import { Missing } from '../ui/values.tsx';
import { curlOf } from './curl.ts';
import styles from './deployments.module.css';
import { liveMs, trafficQuery } from './deployments-api.ts';
import { isActiveRollout, placeState, servingRevision } from './place-state.ts';
import { Replicas } from './replicas.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import { RolloutPanel } from './rollout-panel.tsx';
import { recentTraffic } from './traffic-series.ts';

interface EnvironmentCardProps {
  readonly project: string;
  readonly deployment: string;
  readonly place: PlaceWire;
}

/** One environment of a deployment: what serves, how it goes, and the way back. */
export function EnvironmentCard({ project, deployment, place }: EnvironmentCardProps) {
  const [rollingBack, setRollingBack] = useState(false);
  const now = useNow();
  const serving = servingRevision(place);
  const previous = place.revisions.find((revision) => revision.id === place.previous);
  const state = placeState(place, now);
  const shown = place.revisions.filter((revision) => revision.weight > 0 || revision.replicas.length > 0);
  return (
    <article className={styles['card']} aria-label={`${deployment} in ${place.environment}`}>
      <header className={styles['cardHead']}>
        <h2 className={styles['cardTitle']}>{place.environment === 'production' ? 'Production' : 'Staging'}</h2>
        <StateMark state={state.state} word={state.word} />
        <span className={styles['headEnd']}>
          {previous !== undefined && (
            <Button look="danger" icon={<Undo2 size={13} aria-hidden />} onClick={() => setRollingBack(true)}>
              Roll back to version {previous.modelVersion}
            </Button>
          )}
        </span>
      </header>
      {state.reason !== undefined && <p className={styles['second']}>{state.reason}</p>}
      <dl className={styles['figures']}>
        <Figure name="Version">
          {serving === undefined ? (
            <Missing why="nothing serves" />
          ) : (
            <Link to="/$project/models/$model/$version" params={{ project, model: serving.model, version: serving.modelVersion }}>
              {serving.modelVersion}
            </Link>
          )}
        </Figure>
        <Figure name="Revision">{serving === undefined ? <Missing why="nothing serves" /> : serving.number}</Figure>
        <TrafficFigures project={project} deployment={deployment} place={place} now={now} />
      </dl>
      <WeightBar
        label={`Traffic in ${place.environment}`}
        weights={place.revisions
          .filter((revision) => revision.weight > 0)
          .map((revision) => ({
            label: `revision ${revision.number}`,
            weight: revision.weight,
            note: `version ${revision.modelVersion}${revision.id === place.rollout?.revision && isActiveRollout(place.rollout) ? ', candidate' : ''}`,
          }))}
      />
      {place.rollout !== undefined && <RolloutPanel project={project} place={place} rollout={place.rollout} />}
      <Replicas label={`Replicas in ${place.environment}`} revisions={shown} />
      {place.inferUrl !== undefined && serving !== undefined ? (
        <div className={styles['curl']}>
          <span className={styles['note']}>Gateway, Open Inference Protocol</span>
          <CommandLine command={curlOf(place.inferUrl, serving.signature)} />
        </div>
      ) : (
        <p className={styles['note']}>The gateway of this environment is not up.</p>
      )}
      {!place.specComplete && (
        <p className={styles['note']}>
          <Badge tone="warning">Specification incomplete</Badge> ripen.yaml does not say: {missingParts(place).join(', ')}.
        </p>
      )}
      {rollingBack && previous !== undefined && (
        <RollbackDialog
          project={project}
          deployment={deployment}
          environment={place.environment}
          to={previous}
          onClose={() => setRollingBack(false)}
        />
      )}
    </article>
  );
}

const specParts = ['owner', 'runbook', 'objectives', 'limits', 'rollback'] as const;

function missingParts({ spec }: PlaceWire): readonly string[] {
  const { declared } = spec;
  return specParts.filter((part) => !(Array.isArray(declared) && declared.includes(part)));
}

function TrafficFigures({ project, deployment, place, now }: EnvironmentCardProps & { readonly now: number }) {
  const series = useQuery({ ...trafficQuery(project, deployment, place.environment), refetchInterval: liveMs });
  const recent = series.data === undefined ? undefined : recentTraffic(series.data satisfies TrafficSeriesWire, now);
  const latency = servingRevision(place)?.traffic;
  const ms = (value: number | undefined) => (value === undefined ? <Missing why="no request was answered yet" /> : formatNumber(value, 3));
  return (
    <>
      <Figure name="Requests" unit="per s">
        {recent === undefined ? <Missing why="not measured yet" /> : formatNumber(recent.perSecond, 3)}
      </Figure>
      <Figure name="Errors">
        {recent?.errorRate === undefined ? <Missing why="no request in the last minute" /> : formatShare(recent.errorRate, 2)}
      </Figure>
      <Figure name="p50" unit="ms">
        {ms(latency?.latencyP50Ms)}
      </Figure>
      <Figure name="p99" unit="ms">
        {ms(latency?.latencyP99Ms)}
      </Figure>
    </>
  );
}

function Figure({ name, unit, children }: { readonly name: string; readonly unit?: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>
        {name}
        {unit !== undefined && <span className={styles['unit']}> {unit}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
