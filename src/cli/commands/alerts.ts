import type { Command } from 'commander';
import type { AlertWire, SilenceWire } from '#monitoring/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { findId } from '../find-id.ts';
import { formatNumber, formatTime, print, printTable, shortId } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

export const buildAlerts: Build = (command, context) => {
  buildList(command, context);
  buildAck(command, context);
  buildSilence(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('Alerts, the newest first'), 'ripen alerts list --state firing')
    .option('--deployment <deployment>', 'only of this deployment')
    .option('--state <state>', 'firing, acknowledged, resolved or withdrawn')
    .option('--limit <count>', 'how many', '30')
    .action(async (options: Given & { deployment?: string; state?: string; limit: string }) => {
      const { client, base } = await inProject(context, options);
      const { deployment, state, limit } = options;
      const page = await client.get<{ items: AlertWire[] }>(`${base}/alerts`, { deployment, state, limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Alert', value: ({ id }) => shortId(id) },
          { title: 'State', value: (alert) => alert.state },
          { title: 'Severity', value: ({ severity }) => severity },
          { title: 'Rule', value: ({ rule }) => rule },
          { title: 'Value', value: ({ value }) => formatNumber(value), align: 'right' },
          { title: 'Threshold', value: ({ threshold }) => formatNumber(threshold), align: 'right' },
          { title: 'Since (UTC)', value: ({ since }) => formatTime(since)?.slice(0, 16) },
          { title: 'Why', value: ({ explanation }) => explanation },
        ],
        empty: 'No alert fits.',
      });
    });
}

function buildAck(command: Command, context: CliContext): void {
  describeInProject(
    command.command('ack <alert>').description('Say that you have seen an alert'),
    'ripen alerts ack latest --note "retraining is under way"',
  )
    .option('--note <text>', 'what is being done')
    .action(async (given: string, options: Given & { note?: string }) => {
      const { client, base } = await inProject(context, options);
      const id = await findId(client, { path: `${base}/alerts`, what: 'alert' }, given);
      const alert = await client.post<AlertWire>(base + url`/alerts/${id}/acknowledge`, { note: options.note });
      print(context, options, alert, () => `Alert ${alert.rule} is acknowledged.`);
    });
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function buildSilence(command: Command, context: CliContext): void {
  describeInProject(
    command.command('silence <rule>').description('Let a rule tell nobody for a time'),
    'ripen alerts silence drift --for 2h --reason "airport closed"',
  )
    .requiredOption('--for <duration>', 'such as 30m, 2h or 7d')
    .requiredOption('--reason <text>', 'why')
    .action(async (rule: string, options: Given & { for: string; reason: string }) => {
      const { client, base } = await inProject(context, options);
      const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(options.for) ?? [];
      const milliseconds = Number(count) * (units[unit] ?? Number.NaN);
      if (!(milliseconds > 0))
        throw cliErrors['invalid-option']({ option: '--for', value: options.for, expected: 'a duration such as 30m, 2h or 7d' });
      const silence = await client.post<SilenceWire>(base + url`/alert-rules/${rule}/silence`, {
        until: Date.now() + milliseconds,
        reason: options.reason,
      });
      print(context, options, silence, () => `Rule ${silence.rule} is silent until ${formatTime(silence.until) ?? ''} UTC.`);
    });
}
