import type { AlertWire, MonitorWire, SilenceWire, WindowDetailWire, WindowWire } from '#monitoring/wire.ts';
import { pathOf, post } from '../api/client.ts';
import { apiPages } from '../api/pages.ts';
import { apiQuery, useAction } from '../api/queries.ts';

export const monitorsQuery = (project: string) =>
  apiQuery<{ readonly items: readonly MonitorWire[] }>('monitoring', pathOf`/projects/${project}/monitoring`);

/** The newest windows of a deployment, oldest first. */
export const windowsQuery = (project: string, deployment: string) =>
  apiQuery<{ readonly items: readonly WindowWire[] }>('monitoring', pathOf`/projects/${project}/monitoring/${deployment}/windows`, {
    limit: 1000,
  });

export const windowQuery = (project: string, deployment: string, start: string) =>
  apiQuery<WindowDetailWire>('monitoring', pathOf`/projects/${project}/monitoring/${deployment}/windows/${start}`);

export const alertPages = (project: string, deployment: string | undefined) =>
  apiPages<AlertWire>('monitoring', pathOf`/projects/${project}/alerts`, { deployment, limit: 100 });

/** What an event of retraining says; the log types its data as JSON. */
interface Retraining {
  readonly number: number;
  readonly time: number;
  readonly data: { readonly pipelineRun?: string; readonly pipeline?: string; readonly alert?: string; readonly event?: number };
}

export const retrainingsQuery = (project: string) =>
  apiQuery<{ readonly items: readonly Retraining[] }>('monitoring', '/events', { project, type: 'retraining.triggered', limit: 200 });

export const useAcknowledge = (project: string, alert: string) =>
  useAction(
    (note: string) => post<AlertWire>(pathOf`/projects/${project}/alerts/${alert}/acknowledge`, note === '' ? {} : { note }),
    ['monitoring'],
  );

export const useSilence = (project: string, rule: string) =>
  useAction(
    (body: { readonly until: number; readonly reason: string }) =>
      post<SilenceWire>(pathOf`/projects/${project}/alert-rules/${rule}/silence`, body),
    ['monitoring'],
  );
