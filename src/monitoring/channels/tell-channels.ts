import type { Queryable } from '#kernel/database/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { AlertNews } from '../alerts/judge-rules.ts';
import type { Alert } from '../model.ts';
import { type AlertChannel, type AlertMessage, notificationPayload } from './channel.ts';
import type { ChannelSettings } from './settings.ts';
import { webhook } from './webhook.ts';

/** Every channel there is. */
const channels: { readonly [Name in ChannelSettings['channel']]: AlertChannel } = { webhook };

const notifyJob = 'monitoring.notify';

/** Tells the log now and each channel by a job of its own, in the transaction of the alert. */
export async function tellChannels(
  { jobs, log }: Pick<Kernel, 'jobs' | 'log'>,
  tx: Queryable,
  { news, channels: settings }: { readonly news: AlertNews; readonly channels: readonly ChannelSettings[] },
): Promise<void> {
  const { alert, what } = news;
  const { id, project, deployment, rule, severity, explanation } = alert;
  log.warn({ alert: id, project, deployment, rule, severity, explanation }, `alert ${what}`);
  for (const each of settings) {
    const { alerts, ...message } = messageOf(alert, what);
    const payload = { settings: { ...each }, message: { ...message, alerts: alerts.map((one) => ({ ...one })) } };
    await jobs.enqueue(tx, { kind: notifyJob, payload });
  }
}

export function defineNotifyJob({ jobs }: Pick<Kernel, 'jobs'>): void {
  jobs.define(notifyJob, {
    maxAttempts: 12,
    async handle({ payload }, signal) {
      const { settings, message } = notificationPayload.parse(payload);
      await channels[settings.channel].send({ ...settings, secretEnvironment: settings.secretEnvironment }, message, signal);
    },
  });
}

function messageOf(alert: Alert, what: AlertNews['what']): AlertMessage {
  const status = what === 'fired' ? 'firing' : 'resolved';
  const { project, deployment, rule, severity, metric } = alert;
  const labels = { alertname: rule, project, deployment, severity, metric };
  const annotations = { summary: `${rule} on ${deployment}`, description: alert.explanation };
  const never = '0001-01-01T00:00:00Z';
  const iso = (time: number): string => new Date(time).toISOString();
  return {
    version: '4',
    groupKey: `${project}/${deployment}:${rule}`,
    truncatedAlerts: 0,
    status,
    receiver: 'ripen',
    groupLabels: { alertname: rule },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: iso(alert.since),
        endsAt: alert.resolvedAt === undefined ? never : iso(alert.resolvedAt),
        generatorURL: '',
        fingerprint: alert.id,
      },
    ],
  };
}
