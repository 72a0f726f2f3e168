import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ListedWebhookWire, WebhookTestWire, WebhookWire } from '#registry/index.ts';
import { type Build, collect, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { print, printTable } from '../output.ts';
import { inProject } from '../project.ts';
import { readTextFile } from '../read-text-file.ts';
import { inWebhook } from './in-webhook.ts';
import { buildWebhookDeliveries } from './webhook-deliveries.ts';

export const buildWebhooks: Build = (command, context) => {
  buildList(command, context);
  buildCreate(command, context);
  buildChange(command, context);
  buildWebhookDeliveries(command, context);
  buildTest(command, context);
  buildDelete(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('Webhooks with what waits and what was given up'), 'ripen webhooks list').action(
    async (options: Given) => {
      const { client, base } = await inProject(context, options);
      const page = await client.get<{ items: ListedWebhookWire[] }>(`${base}/webhooks`, { limit: 1000 });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Webhook', value: ({ id }) => id },
          { title: 'Name', value: ({ name }) => name },
          { title: 'State', value: ({ status }) => status },
          { title: 'Waiting', value: ({ deliveries }) => deliveries.pending, align: 'right' },
          { title: 'Given up', value: ({ deliveries }) => deliveries.failed, align: 'right' },
          { title: 'Address', value: (webhook) => webhook.url },
          { title: 'Told of', value: ({ events }) => events.join(' ') },
        ],
        empty: 'There are no webhooks. Make one: `ripen webhooks create`.',
      });
    },
  );
}

interface Wishes {
  readonly event?: readonly string[];
  readonly description?: string;
  readonly secretFile?: string;
}

function buildCreate(command: Command, context: CliContext): void {
  describeInProject(
    command.command('create <name> <url>').description('Make a webhook; it is told of what happens from now on'),
    'ripen webhooks create ci https://ci.example.com/hooks/ripen --event model_version.created --event model_version_alias.created',
  )
    .requiredOption('--event <entity.action>', 'what it is told of; may be given several times', collect)
    .option('--description <text>', 'what it is for')
    .option('--secret-file <file>', 'a file whose text signs the deliveries')
    .action(async (name: string, address: string, options: Given & Wishes) => {
      const { client, base } = await inProject(context, options);
      // From a file, since everybody on the machine can read command lines.
      const text = options.secretFile === undefined ? undefined : await readTextFile(resolve(context.directory, options.secretFile));
      const secret = text?.trim();
      const made = await client.post<WebhookWire>(`${base}/webhooks`, {
        name,
        url: address,
        events: options.event ?? [],
        ...(options.description === undefined ? {} : { description: options.description }),
        ...(secret === undefined ? {} : { secret }),
      });
      const signed = made.signed ? 'Deliveries are signed.' : 'Deliveries are not signed: no --secret-file was given.';
      print(context, options, made, () => `Webhook ${made.id} tells ${made.url} of ${made.events.join(', ')}. ${signed}`);
    });
}

function buildChange(command: Command, context: CliContext): void {
  for (const [verb, status, what] of [
    ['enable', 'active', 'Let a webhook be told again; what waited is sent'],
    ['disable', 'disabled', 'Tell a webhook nothing any more; what waits goes on waiting'],
  ] as const)
    describeInProject(command.command(`${verb} <webhook>`).description(what), `ripen webhooks ${verb} 0199f3b2c4d5`).action(
      async (id: string, options: Given) => {
        const { client, path } = await inWebhook(context, options, id);
        const changed = await client.patch<WebhookWire>(path, { status });
        print(context, options, changed, () => `Webhook ${changed.name} is ${changed.status}.`);
      },
    );
}

function buildTest(command: Command, context: CliContext): void {
  describeInProject(
    command.command('test <webhook>').description('Send made-up data once and say what came back'),
    'ripen webhooks test 0199f3b2c4d5 --event model_version.created',
  )
    .option('--event <entity.action>', 'of what; the first that it is told of unless said')
    .action(async (id: string, options: Given & { event?: string }) => {
      const { client, path } = await inWebhook(context, options, id);
      const result = await client.post<WebhookTestWire>(`${path}/test`, options.event === undefined ? {} : { event: options.event });
      const said = result.response === undefined || result.response === '' ? '' : `\n${result.response}`;
      print(context, options, result, () =>
        result.success ? `It answered ${String(result.status)}.${said}` : `It failed: ${result.problem ?? 'no reason given'}.${said}`,
      );
    });
}

function buildDelete(command: Command, context: CliContext): void {
  describeInProject(
    command.command('delete <webhook>').description('Delete a webhook with its deliveries, also those that wait'),
    'ripen webhooks delete 0199f3b2c4d5',
  ).action(async (id: string, options: Given) => {
    const { client, path } = await inWebhook(context, options, id);
    await client.delete(path);
    print(context, options, { deleted: id }, () => 'The webhook is deleted.');
  });
}
