import type { Command } from 'commander';
import type { DeliveryDetailWire, DeliveryWire } from '#registry/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatDuration, formatTime, print, printTable, renderPairs, renderTable } from '../output.ts';
import { url } from '../url.ts';
import { inWebhook } from './in-webhook.ts';

/** `webhooks deliveries`, `webhooks redeliver`. */
export function buildWebhookDeliveries(command: Command, context: CliContext): void {
  buildDeliveries(command, context);
  buildRedeliver(command, context);
}

function buildDeliveries(command: Command, context: CliContext): void {
  describeInProject(
    command.command('deliveries <webhook> [delivery]').description('Deliveries of a webhook, newest first; one of them with its attempts'),
    'ripen webhooks deliveries 0199f3b2c4d5 --state failed',
  )
    .option('--state <state>', 'pending, delivered or failed')
    .action(async (id: string, delivery: string | undefined, options: Given & { state?: string }) => {
      const { client, path } = await inWebhook(context, options, id);
      if (delivery !== undefined) {
        const found = await client.get<DeliveryDetailWire>(path + url`/deliveries/${delivery}`);
        return print(context, options, found, () => textOfDelivery(context, found));
      }
      const page = await client.get<{ items: DeliveryWire[] }>(
        `${path}/deliveries`,
        options.state === undefined ? {} : { state: options.state },
      );
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Delivery', value: (row) => row.id },
          { title: 'Of', value: ({ event }) => event },
          { title: 'State', value: ({ state }) => state },
          { title: 'Attempts', value: ({ attempts }) => attempts, align: 'right' },
          { title: 'Status', value: ({ status }) => status, align: 'right' },
          { title: 'Since (UTC)', value: ({ createdAt }) => formatTime(createdAt) },
          { title: 'Next (UTC)', value: ({ nextAt }) => formatTime(nextAt) },
          { title: 'Problem', value: ({ problem }) => problem },
        ],
        empty: 'There are no deliveries.',
      });
    });
}

function textOfDelivery(context: CliContext, delivery: DeliveryDetailWire): string {
  return [
    renderPairs([
      ['delivery', delivery.id],
      ['of', delivery.event],
      ['state', delivery.state],
      ['since', `${formatTime(delivery.createdAt) ?? ''} UTC`],
      ['next', delivery.nextAt === undefined ? undefined : `${formatTime(delivery.nextAt) ?? ''} UTC`],
      ['body', delivery.body],
    ]),
    '',
    delivery.log.length === 0
      ? 'It was not tried yet.'
      : renderTable(
          delivery.log,
          [
            { title: 'Attempt', value: ({ number }) => number, align: 'right' },
            { title: 'At (UTC)', value: ({ at }) => formatTime(at) },
            { title: 'Took', value: ({ took }) => formatDuration(took), align: 'right' },
            { title: 'Status', value: ({ status }) => status, align: 'right' },
            { title: 'Problem', value: ({ problem }) => problem },
            { title: 'Answer', value: ({ response }) => response?.split('\n')[0]?.slice(0, 80) },
          ],
          context.out.columns ?? 160,
        ),
  ].join('\n');
}

function buildRedeliver(command: Command, context: CliContext): void {
  describeInProject(
    command.command('redeliver <webhook> <delivery>').description('Send a delivery again, at once and with the same id'),
    'ripen webhooks redeliver 0199f3b2c4d5 0199f3b2-c4d5-7abc-8def-0123456789ab',
  ).action(async (id: string, delivery: string, options: Given) => {
    const { client, path } = await inWebhook(context, options, id);
    const again = await client.post<DeliveryDetailWire>(path + url`/deliveries/${delivery}/redeliver`);
    print(context, options, again, () => `Delivery ${again.id} is sent again.`);
  });
}
