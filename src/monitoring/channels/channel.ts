import { z } from 'zod';
import { type ChannelSettings } from './settings.ts';

/** What a channel is told: the webhook message of Prometheus Alertmanager, version 4, so that its receivers understand it. */
export interface AlertMessage {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly startsAt: string;
    readonly endsAt: string;
    readonly generatorURL: string;
    readonly fingerprint: string;
  }[];
}

/** Plug point: a way to reach people. One object a file, listed in `tell-channels.ts`; throwing means try again later. */
export interface AlertChannel {
  readonly name: ChannelSettings['channel'];
  send(settings: ChannelSettings, message: AlertMessage, signal: AbortSignal): Promise<void>;
}

const words = z.record(z.string(), z.string());

/** The payload of a notification job, which has been through JSON. */
export const notificationPayload = z.object({
  settings: z.object({ channel: z.enum(['webhook']), url: z.string(), secretEnvironment: z.string().optional() }),
  message: z.object({
    version: z.literal('4'),
    groupKey: z.string(),
    truncatedAlerts: z.number(),
    status: z.enum(['firing', 'resolved']),
    receiver: z.string(),
    groupLabels: words,
    commonLabels: words,
    commonAnnotations: words,
    externalURL: z.string(),
    alerts: z.array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: words,
        annotations: words,
        startsAt: z.string(),
        endsAt: z.string(),
        generatorURL: z.string(),
        fingerprint: z.string(),
      }),
    ),
  }),
});
