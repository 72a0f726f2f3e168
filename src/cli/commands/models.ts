import type { Command } from 'commander';
import type { ModelWire } from '#registry/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatTime, print, printTable } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';
import { buildModelBin } from './model-bin.ts';
import { buildModelCard } from './model-card.ts';
import { buildModelCompare } from './model-compare.ts';
import { buildModelFiles } from './model-files.ts';
import { buildModelRegister } from './model-register.ts';
import { buildModelShow } from './model-show.ts';

export const buildModels: Build = (command, context) => {
  buildList(command, context);
  buildModelShow(command, context);
  buildModelCompare(command, context);
  buildModelCard(command, context);
  buildAlias(command, context);
  buildModelFiles(command, context);
  buildModelRegister(command, context);
  buildModelBin(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('Models with their newest version'), 'ripen models list')
    .option('--prompts', 'prompts instead of models')
    .option('--filter <filter>', "those that fit, such as: name like 'delay%' and tags.team = 'ops'")
    .option('--order <order>', 'for example: updated_at desc', 'name')
    .action(async (options: Given & { prompts?: boolean; filter?: string; order: string }) => {
      const { client, base } = await inProject(context, options);
      const { filter, order } = options;
      const query = { limit: 1000, kind: options.prompts === true ? 'prompt' : 'model', filter, order };
      const page = await client.get<{ items: ModelWire[] }>(`${base}/models`, query);
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Model', value: ({ name }) => name },
          { title: 'Newest', value: ({ latestVersion }) => (latestVersion === 0 ? undefined : latestVersion), align: 'right' },
          {
            title: 'Aliases',
            value: ({ aliases }) =>
              Object.entries(aliases)
                .map(([alias, version]) => `@${alias} ${version}`)
                .join(', ') || undefined,
          },
          { title: 'Changed (UTC)', value: ({ updatedAt }) => formatTime(updatedAt) },
          { title: 'What it is', value: ({ description }) => description || undefined },
        ],
        empty:
          options.prompts === true
            ? 'There are no prompts.'
            : 'There are no models. A pipeline with `registers:` makes one, and so does `ripen models register`.',
      });
    });
}

function buildAlias(command: Command, context: CliContext): void {
  describeInProject(
    command.command('alias <model> <alias> <version>').description('Point an alias to a version'),
    'ripen models alias flight-delay champion 3',
  ).action(async (model: string, alias: string, version: string, options: Given) => {
    const { client, base } = await inProject(context, options);
    const name = alias.replace(/^@/, '');
    const changed = await client.put<ModelWire>(base + url`/models/${model}/aliases/${name}`, {
      version: /^\d+$/.test(version) ? Number(version) : version,
    });
    print(context, options, changed, () => `@${name} of ${model} is version ${changed.aliases[name] ?? version}.`);
  });
}
