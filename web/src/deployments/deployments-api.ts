import type { DeclaredDeploymentWire, ReleaseStoryWire, ReleaseWire } from '#delivery/wire.ts';
import type { DeploymentWire, PlaceWire, RolloutWire, TrafficSeriesWire } from '#serving/wire.ts';
import { keepPreviousData } from '@tanstack/react-query';
import { pathOf, post } from '../api/client.ts';
import { apiPages } from '../api/pages.ts';
import { apiQuery, useAction } from '../api/queries.ts';

export type Environment = PlaceWire['environment'];

/** Traffic and replicas are no events; they are asked for at this pace while a page shows them. */
export const liveMs = 2_000;

export const deploymentsQuery = (project: string) =>
  apiQuery<{ readonly items: readonly DeploymentWire[] }>('deployments', pathOf`/projects/${project}/deployments`);

export const declaredQuery = (project: string) =>
  apiQuery<{ readonly items: readonly DeclaredDeploymentWire[] }>('deployments', pathOf`/projects/${project}/declared-deployments`);

export const deploymentQuery = (project: string, deployment: string) =>
  apiQuery<DeploymentWire>('deployments', pathOf`/projects/${project}/deployments/${deployment}`);

export const trafficQuery = (project: string, deployment: string, environment: Environment) =>
  apiQuery<TrafficSeriesWire>('deployments', pathOf`/projects/${project}/deployments/${deployment}/traffic`, { environment });

export interface ReleaseSearch {
  readonly deployment?: string | undefined;
  readonly state?: string | undefined;
}

export function releasePages(project: string, { deployment, state }: ReleaseSearch, limit = 100) {
  return {
    ...apiPages<ReleaseWire>('deployments', pathOf`/projects/${project}/releases`, { deployment, state, limit }),
    placeholderData: keepPreviousData,
  };
}

export const releaseQuery = (project: string, release: string) =>
  apiQuery<ReleaseStoryWire>('deployments', pathOf`/projects/${project}/releases/${release}`);

export const useRollBack = (project: string, deployment: string) =>
  useAction(
    (body: { readonly environment: Environment; readonly reason: string }) =>
      post<unknown>(pathOf`/projects/${project}/deployments/${deployment}/rollback`, body),
    ['deployments'],
  );

export type RolloutAction = 'pause' | 'resume' | 'abort';

export const useRolloutAction = (project: string, rollout: string) =>
  useAction(
    ({ action, reason }: { readonly action: RolloutAction; readonly reason: string }) =>
      post<RolloutWire>(`${pathOf`/projects/${project}/rollouts/${rollout}`}/${action}`, reason === '' ? {} : { reason }),
    ['deployments'],
  );

export interface ReleaseStart {
  readonly deployment: string;
  readonly version: number;
  readonly reason: string;
}

export const useRelease = (project: string) =>
  useAction((body: ReleaseStart) => post<ReleaseWire>(pathOf`/projects/${project}/releases`, body), ['deployments', 'models']);

export const useApprove = (project: string, release: string) =>
  useAction(
    (comment: string) => post<ReleaseWire>(pathOf`/projects/${project}/releases/${release}/approve`, comment === '' ? {} : { comment }),
    ['deployments'],
  );

export const useCancelRelease = (project: string, release: string) =>
  useAction((reason: string) => post<ReleaseWire>(pathOf`/projects/${project}/releases/${release}/cancel`, { reason }), ['deployments']);
