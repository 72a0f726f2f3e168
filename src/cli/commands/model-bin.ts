import type { Command } from 'commander';
import type { DeletedWire, ModelVersionWire, ModelWire } from '#registry/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatTime, print, printTable } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

/** `models delete`, `models restore`, `models bin`. */
export function buildModelBin(command: Command, context: CliContext): void {
  describeInProject(
    command.command('delete <model> [version]').description('Put a model, or one version, into the recycle bin; nothing may use it'),
    'ripen models delete flight-delay 3',
  ).action(async (model: string, version: string | undefined, options: Given) => {
    const { client, base } = await inProject(context, options);
    await client.delete(pathOf(base, model, version));
    const [what, again] = version === undefined ? [model, model] : [`Version ${version} of ${model}`, `${model} ${version}`];
    print(context, options, {}, () => `${what} is deleted. Bring it back: ripen models restore ${again}`);
  });
  buildRestore(command, context);
  buildList(command, context);
}

const pathOf = (base: string, model: string, version: string | undefined) =>
  `${base}${url`/models/${model}`}${version === undefined ? '' : `/versions/${encodeURIComponent(version)}`}`;

function buildRestore(command: Command, context: CliContext): void {
  describeInProject(
    command.command('restore <model> [version]').description('Bring a deleted model back, or one deleted or archived version'),
    'ripen models restore flight-delay 3',
  )
    .option('--as <name>', 'another name for the model, when its own is taken')
    .action(async (model: string, version: string | undefined, options: Given & { as?: string }) => {
      const { client, base } = await inProject(context, options);
      const path = `${pathOf(base, model, version)}/restore`;
      if (version !== undefined) {
        const found = await client.post<ModelVersionWire>(path);
        return print(context, options, found, () => `Version ${found.version} of ${model} is back.`);
      }
      const found = await client.post<ModelWire>(path, { as: options.as });
      return print(context, options, found, () => `${found.name} is back.`);
    });
}

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('bin').description('Deleted models and versions, the newest first'), 'ripen models bin').action(
    async (options: Given) => {
      const { client, base } = await inProject(context, options);
      const page = await client.get<{ items: DeletedWire[] }>(`${base}/deleted-models`);
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Model', value: ({ model }) => model },
          { title: 'Version', value: ({ version }) => version ?? 'all', align: 'right' },
          { title: 'Deleted (UTC)', value: ({ deletedAt }) => formatTime(deletedAt) },
          { title: 'Gone for good (UTC)', value: ({ purgedAt }) => formatTime(purgedAt) },
        ],
        empty: 'The recycle bin is empty.',
      });
    },
  );
}
