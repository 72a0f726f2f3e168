import type { Command } from 'commander';
import type { ModelDirectoryWire, ModelVersionWire, ModelWire, SignatureVerificationWire } from '#registry/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatTime, print, renderTable } from '../output.ts';
import { inProject } from '../project.ts';
import { renderModelVersion } from '../render-model-version.ts';
import { url } from '../url.ts';

/** `models show`. */
export function buildModelShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <model> [version]').description('A model with its versions, or one version by number, @alias or latest'),
    'ripen models show flight-delay latest',
  ).action(async (model: string, version: string | undefined, options: Given) => {
    const { client, base } = await inProject(context, options);
    const path = base + url`/models/${model}`;
    if (version !== undefined) {
      const at = `${path}/versions/${encodeURIComponent(version)}`;
      const found = await client.get<ModelVersionWire>(at);
      const { directory } = await client.get<{ directory?: ModelDirectoryWire }>(`${at}/directory`);
      const signature = await client.get<SignatureVerificationWire>(`${at}/signature`);
      const value = { ...found, ...(directory === undefined ? {} : { directory }), modelSignature: signature };
      return print(context, options, value, () => renderModelVersion(found, { directory, signature }, context.out.columns ?? 160));
    }
    const found = await client.get<ModelWire>(path);
    const { items } = await client.get<{ items: ModelVersionWire[] }>(`${path}/versions`);
    return print(context, options, { ...found, versions: items }, () => textOfModel(context, found, items));
  });
}

function textOfModel(context: CliContext, { name, description }: ModelWire, versions: readonly ModelVersionWire[]): string {
  const table = renderTable(
    versions,
    [
      { title: 'Version', value: ({ version }) => version, align: 'right' },
      { title: 'Aliases', value: ({ aliases }) => aliases.map((alias) => `@${alias}`).join(' ') || undefined },
      { title: 'State', value: ({ state }) => state },
      { title: 'Registered (UTC)', value: ({ registeredAt }) => formatTime(registeredAt) },
      { title: 'By', value: ({ trainer }) => trainer.name },
      {
        title: 'Data',
        value: ({ snapshots }) => snapshots.map(({ dataset, snapshot }) => `${dataset}@${snapshot}`).join(' ') || undefined,
      },
      { title: 'Card', value: ({ card }) => `${card.filledFields} of ${card.requiredFields}` },
      { title: 'Digest', value: ({ digest }) => digest },
    ],
    context.out.columns ?? 160,
  );
  return [`${name}${description === '' ? '' : `: ${description}`}`, '', versions.length === 0 ? 'No version yet.' : table].join('\n');
}
