import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CardWire } from '#registry/index.ts';
import type { Client } from '../client.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { print } from '../output.ts';
import { inProject } from '../project.ts';
import { readTextFile } from '../read-text-file.ts';
import { url } from '../url.ts';

/** `models card`. */
export function buildModelCard(command: Command, context: CliContext): void {
  describeInProject(
    command.command('card <model> [version]').description('The model card of a version; --file writes it'),
    'ripen models card flight-delay latest --file card.md',
  )
    .option('--file <file>', 'a Markdown file that becomes the card')
    .action(async (model: string, version: string | undefined, options: Given & { file?: string }) => {
      const { client, base } = await inProject(context, options);
      const path = base + url`/models/${model}/versions/${version ?? 'latest'}/card`;
      const card =
        options.file === undefined ? await client.get<CardWire>(path) : await writeCard(context, client, { path, file: options.file });
      const open = card.sections
        .filter(({ filled }) => !filled)
        .map(({ name, problem }) => `  ${name}${problem === undefined ? '' : `: ${problem}`}`);
      print(context, options, card, () =>
        [
          options.file === undefined ? (card.text ?? 'This version has no card.') : 'The card is kept.',
          `${card.filledFields} of ${card.requiredFields} required sections are filled${open.length === 0 ? '.' : '; open are:'}`,
          ...open,
        ].join('\n'),
      );
    });
}

/** Only over the card that was just read: whoever changed it meanwhile is not overwritten. */
async function writeCard(context: CliContext, client: Client, { path, file }: { path: string; file: string }): Promise<CardWire> {
  const text = await readTextFile(resolve(context.directory, file));
  const { digest } = await client.get<CardWire>(path);
  return client.put<CardWire>(path, { text, ...(digest === undefined ? {} : { replaces: digest }) });
}
