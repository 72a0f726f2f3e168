import { readAccount, readReplicas } from './account-store.ts';
import { listDeployments, listRevisions } from './deployment-store.ts';
import { servingErrors } from './errors.ts';
import type { Deployment } from './model.ts';
import { recentRollouts } from './rollout-store.ts';
import type { Workshop } from './service.ts';
import { placeWire, revisionWire, trafficWire } from './to-wire.ts';
import { pointMs, readPoints, readTraffic } from './traffic-store.ts';
import type { DeploymentWire, PlaceWire, RevisionWire, TrafficSeriesWire } from './wire.ts';

/** Revisions shown; older ones are in the event log. */
const shownRevisions = 20;

type Reader = Pick<Workshop, 'events' | 'clock'>;

export async function readDeployments(workshop: Reader, project: string): Promise<readonly DeploymentWire[]> {
  const all = await listDeployments(workshop.events.database, { project });
  const names = [...new Set(all.map(({ name }) => name))];
  return Promise.all(
    names.map((name) =>
      inAllEnvironments(
        workshop,
        all.filter((each) => each.name === name),
      ),
    ),
  );
}

/** @throws `serving.deployment-not-found` */
export async function readDeployment(workshop: Reader, project: string, deployment: string): Promise<DeploymentWire> {
  const places = await placesOf(workshop, project, deployment);
  return inAllEnvironments(workshop, places);
}

async function placesOf({ events }: Reader, project: string, deployment: string): Promise<readonly Deployment[]> {
  const places = (await listDeployments(events.database, { deployment })).filter((each) => each.project === project);
  if (places.length === 0) throw servingErrors['deployment-not-found']({ project, deployment });
  return places;
}

async function inAllEnvironments(workshop: Reader, places: readonly Deployment[]): Promise<DeploymentWire> {
  const [first] = places;
  return {
    name: first?.name ?? '',
    project: first?.project ?? '',
    environments: await Promise.all(places.map((place) => readPlace(workshop, place))),
  };
}

async function readPlace({ events: { database } }: Reader, deployment: Deployment): Promise<PlaceWire> {
  const { name, environment, spec } = deployment;
  const place = { deployment: name, environment };
  const revisions = await listRevisions(database, { ...place, limit: shownRevisions });
  const replicas = await readReplicas(
    database,
    revisions.map(({ id }) => id),
  );
  const shown: RevisionWire[] = [];
  for (const revision of revisions) {
    const traffic = await readTraffic(database, revision.id, spec.score.range);
    shown.push(revisionWire(revision, { replicas: replicas.filter((each) => each.revision === revision.id), traffic }));
  }
  const [rollout] = await recentRollouts(database, place, 1);
  const candidate = rollout?.finishedAt === undefined ? rollout?.revision : undefined;
  const previous = revisions.find(({ state, id }) => state === 'ready' && id !== candidate)?.id;
  return placeWire(deployment, { account: await readAccount(database, environment), revisions: shown, previous, rollout });
}

export interface SeriesRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Points of ten seconds, one a revision, the last hour unless said. @throws `serving.deployment-not-found` */
export async function readSeries(
  workshop: Reader,
  at: { readonly project: string; readonly deployment: string; readonly environment: string },
  { from, to }: SeriesRange,
): Promise<TrafficSeriesWire> {
  await placesOf(workshop, at.project, at.deployment);
  const { database } = workshop.events;
  const end = to ?? workshop.clock.now() + pointMs;
  const revisions = await listRevisions(database, { deployment: at.deployment, environment: at.environment });
  const points = await readPoints(
    database,
    revisions.map(({ id }) => id),
    { from: from ?? end - 3_600_000, to: end },
  );
  return { pointMs, points: points.map((point) => ({ revision: point.revision, time: point.time, ...trafficWire(point) })) };
}
