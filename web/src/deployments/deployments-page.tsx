import type { DeclaredDeploymentWire } from '#delivery/wire.ts';
import type { DeploymentWire, PlaceWire } from '#serving/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { counted } from '../charts/chart-model.ts';
import { WeightBar } from '../charts/weight-bar.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { useNow } from '../ui/use-now.ts';
import styles from './deployments.module.css';
import { declaredQuery, deploymentsQuery, liveMs } from './deployments-api.ts';
import { placeState, servingRevision } from './place-state.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { ReleaseTable } from './release-table.tsx';

const route = getRouteApi('/$project/deployments');

export function DeploymentsPage() {
  const { project } = route.useParams();
  const deployments = useQuery({ ...deploymentsQuery(project), refetchInterval: liveMs });
  const declared = useQuery(declaredQuery(project));
  const known = new Set(deployments.data?.items.map(({ name }) => name));
  const waiting = declared.data?.items.filter(({ name }) => !known.has(name)) ?? [];
  return (
    <>
      <PageHeader
        title="Deployments"
        description="What is served where, and how new versions get there."
        actions={
          <Link to="/$project/releases" params={{ project }}>
            All releases
          </Link>
        }
      />
      {declared.isError && <ErrorState error={declared.error} title="The deployments in ripen.yaml are not right" />}
      <QueryView query={deployments} failure="The deployments could not be read">
        {({ items }) => (
          <>
            {items.length === 0 && waiting.length === 0 && !declared.isPending && (
              <EmptyState title="Nothing is deployed yet" command="ripen deploy --help">
                Declare a deployment under <code>deployments:</code> in ripen.yaml and release a model version to it.
              </EmptyState>
            )}
            <div className={styles['cards']}>
              {items.map((deployment) => (
                <DeploymentCard key={deployment.name} project={project} deployment={deployment} />
              ))}
              {waiting.map((deployment) => (
                <DeclaredCard key={deployment.name} project={project} deployment={deployment} />
              ))}
            </div>
          </>
        )}
      </QueryView>
      <Section title="Releases">
        <ReleaseTable project={project} search={{}} />
      </Section>
    </>
  );
}

function DeploymentCard({ project, deployment }: { readonly project: string; readonly deployment: DeploymentWire }) {
  return (
    <article className={styles['card']} aria-label={`Deployment ${deployment.name}`}>
      <h2 className={styles['cardTitle']}>
        <Link to="/$project/deployments/$deployment" params={{ project, deployment: deployment.name }}>
          {deployment.name}
        </Link>
      </h2>
      {deployment.environments
        .toSorted((a, b) => a.environment.localeCompare(b.environment))
        .map((place) => (
          <PlaceLine key={place.environment} project={project} place={place} />
        ))}
    </article>
  );
}

function PlaceLine({ project, place }: { readonly project: string; readonly place: PlaceWire }) {
  const now = useNow();
  const state = placeState(place, now);
  const serving = servingRevision(place);
  return (
    <div className={styles['place']}>
      <div className={styles['placeHead']}>
        <span className={styles['environment']}>{place.environment}</span>
        <StateMark state={state.state} word={state.word} />
        {serving !== undefined && (
          <span className={styles['second']}>
            <Link to="/$project/models/$model/$version" params={{ project, model: serving.model, version: serving.modelVersion }}>
              version {serving.modelVersion}
            </Link>
            , revision {serving.number}, {counted(serving.traffic.requests, 'request')}
          </span>
        )}
      </div>
      <WeightBar
        label={`Traffic in ${place.environment}`}
        weights={place.revisions
          .filter((revision) => revision.weight > 0)
          .map((revision) => ({ label: `revision ${revision.number}`, weight: revision.weight, note: `version ${revision.modelVersion}` }))}
      />
    </div>
  );
}

function DeclaredCard({ project, deployment }: { readonly project: string; readonly deployment: DeclaredDeploymentWire }) {
  const [releasing, setReleasing] = useState(false);
  return (
    <article className={styles['card']} aria-label={`Deployment ${deployment.name}, not deployed`}>
      <header className={styles['cardHead']}>
        <h2 className={styles['cardTitle']}>{deployment.name}</h2>
        <StateMark state="off" word="declared, not deployed" />
        <span className={styles['headEnd']}>
          <Button look="primary" icon={<Rocket size={13} aria-hidden />} onClick={() => setReleasing(true)}>
            Release a version
          </Button>
        </span>
      </header>
      <p className={styles['second']}>
        ripen.yaml declares it for the model {deployment.model}
        {deployment.release === 'automatic' ? '; retrained versions are released by themselves' : ''}.
      </p>
      {releasing && (
        <ReleaseDialog project={project} deployment={deployment.name} model={deployment.model} onClose={() => setReleasing(false)} />
      )}
    </article>
  );
}
