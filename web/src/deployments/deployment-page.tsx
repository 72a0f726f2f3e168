import type { DeploymentWire } from '#serving/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import styles from './deployments.module.css';
import { deploymentQuery, liveMs } from './deployments-api.ts';
import { EnvironmentCard } from './environment-card.tsx';
import { ReleaseDialog } from './release-dialog.tsx';
import { ReleaseTable } from './release-table.tsx';
import { RevisionTable } from './revision-table.tsx';
import { TrafficCharts } from './traffic-charts.tsx';
import { TryIt } from './try-it.tsx';

const route = getRouteApi('/$project/deployments/$deployment');

export function DeploymentPage() {
  const { project, deployment: name } = route.useParams();
  const [releasing, setReleasing] = useState(false);
  const query = useQuery({ ...deploymentQuery(project, name), refetchInterval: liveMs });
  const model = query.data?.environments[0]?.model;
  return (
    <>
      <PageHeader
        title={name}
        path={
          <Link to="/$project/deployments" params={{ project }}>
            Deployments
          </Link>
        }
        description={
          model !== undefined && (
            <>
              serves the model{' '}
              <Link to="/$project/models/$model" params={{ project, model }}>
                {model}
              </Link>
              , watched under{' '}
              <Link to="/$project/monitoring/$deployment" params={{ project, deployment: name }}>
                Monitoring
              </Link>
            </>
          )
        }
        actions={
          model !== undefined && (
            <Button look="primary" icon={<Rocket size={13} aria-hidden />} onClick={() => setReleasing(true)}>
              Release a version
            </Button>
          )
        }
      />
      <QueryView query={query} failure="The deployment could not be read" lines={12}>
        {(deployment) => <Places project={project} deployment={deployment} />}
      </QueryView>
      {releasing && model !== undefined && (
        <ReleaseDialog project={project} deployment={name} model={model} onClose={() => setReleasing(false)} />
      )}
    </>
  );
}

function Places({ project, deployment }: { readonly project: string; readonly deployment: DeploymentWire }) {
  // Production first: it is what matters.
  const places = deployment.environments.toSorted((a, b) => a.environment.localeCompare(b.environment));
  const main = places[0];
  return (
    <>
      <div className={styles['cards']}>
        {places.map((place) => (
          <EnvironmentCard key={place.environment} project={project} deployment={deployment.name} place={place} />
        ))}
      </div>
      {main !== undefined && <TrafficCharts project={project} deployment={deployment.name} place={main} />}
      <Section title="Releases">
        <ReleaseTable project={project} search={{ deployment: deployment.name }} tools={false} />
      </Section>
      <Section title="Revisions">
        <RevisionTable project={project} deployment={deployment} />
      </Section>
      {main !== undefined && <TryIt project={project} deployment={deployment.name} place={main} />}
    </>
  );
}
