import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type {
  CardWire,
  ModelDirectoryWire,
  ModelWire,
  ModelVersionWire,
  SignatureVerificationWire,
  VersionComparisonWire,
} from '#registry/index.ts';
import type { Client } from '../client.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { formatBytes, formatNumber, formatTime, print, printTable, renderPairs, renderTable } from '../output.ts';
import { inProject } from '../project.ts';
import { describeSignature, renderModelDirectory } from '../render-model-directory.ts';
import { url } from '../url.ts';
import { buildModelBin } from './model-bin.ts';
import { buildModelFiles } from './model-files.ts';
import { buildModelRegister } from './model-register.ts';

export const buildModels: Build = (command, context) => {
  buildList(command, context);
  buildShow(command, context);
  buildCompare(command, context);
  buildCard(command, context);
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
        empty: 'There are none. A pipeline with `registers:` makes a model, and so does `ripen models register`.',
      });
    });
}

function buildShow(command: Command, context: CliContext): void {
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
      return print(context, options, value, () => textOfVersion(context, found, { directory, signature }));
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

interface MoreOfVersion {
  readonly directory: ModelDirectoryWire | undefined;
  readonly signature: SignatureVerificationWire;
}

function textOfVersion(context: CliContext, version: ModelVersionWire, more: MoreOfVersion): string {
  const { signature, card } = version;
  const tensors = [
    ...(signature?.inputs ?? []).map((tensor) => ({ side: 'input', ...tensor })),
    ...(signature?.outputs ?? []).map((tensor) => ({ side: 'output', ...tensor })),
  ];
  const width = context.out.columns ?? 160;
  return [
    renderPairs([
      ['version', `${version.model} ${version.version}${version.aliases.map((alias) => ` @${alias}`).join('')}`],
      ['state', version.state],
      ['digest', version.digest],
      ['registered', `${formatTime(version.registeredAt) ?? ''} UTC by ${version.trainer.name}`],
      ['source', version.source],
      ['run', version.run],
      ['logged model', version.loggedModel],
      ['stage', version.stage === 'None' ? undefined : version.stage],
      ['pipeline run', version.pipelineRun],
      ['data', version.snapshots.map(({ dataset, snapshot }) => `${dataset}@${snapshot}`).join(' ') || undefined],
      ['commit', version.commit],
      ['code', version.codeDigest],
      ['environment', version.environmentDigest],
      ['card', `${card.filledFields} of ${card.requiredFields} required sections`],
      ['signature', describeSignature(more.signature)],
    ]),
    ...(more.directory === undefined ? [] : ['', renderModelDirectory(more.directory, width)]),
    '',
    renderTable(
      version.files,
      [
        { title: 'File', value: ({ name }) => name },
        { title: 'Size', value: ({ size }) => formatBytes(size), align: 'right' },
        { title: 'Digest', value: ({ digest }) => digest },
      ],
      width,
    ),
    '',
    tensors.length === 0
      ? more.directory?.schema === undefined
        ? 'No tensors: none of the files is an ONNX model.'
        : ''
      : renderTable(
          tensors,
          [
            { title: 'Signature', value: ({ side }) => side },
            { title: 'Name', value: ({ name }) => name },
            { title: 'Type', value: ({ datatype }) => datatype },
            { title: 'Shape', value: ({ shape }) => `[${shape.map((size) => (size < 0 ? '*' : size)).join(', ')}]` },
          ],
          width,
        ),
  ]
    .join('\n')
    .trimEnd();
}

function buildCompare(command: Command, context: CliContext): void {
  describeInProject(
    command.command('compare <model> <before> <after>').description('Two versions side by side'),
    'ripen models compare flight-delay @production latest',
  )
    .option('--all', 'also what is the same in both')
    .action(async (model: string, before: string, after: string, options: Given & { all?: boolean }) => {
      const { client, base } = await inProject(context, options);
      const comparison = await client.get<VersionComparisonWire>(base + url`/models/${model}/comparison`, { before, after });
      const parts = [
        comparison.metrics,
        comparison.runMetrics,
        comparison.parameters,
        comparison.schema,
        comparison.environment,
        comparison.snapshots,
        comparison.files,
        comparison.origin,
      ] as const;
      const rows = parts.flatMap((part) => part.filter(({ differs }) => differs || options.all === true));
      const changes = comparison.signature.map(
        ({ side, name, breaking }) => `The ${side} ${name} has changed${breaking ? ', and callers must change with it' : ''}.`,
      );
      print(context, options, comparison, () =>
        [
          rows.length === 0
            ? 'The versions are the same in everything.'
            : renderTable(
                rows,
                [
                  { title: 'What', value: ({ name }) => name },
                  { title: `Version ${comparison.before.version}`, value: ({ values }) => valueOf(values[0]) },
                  { title: `Version ${comparison.after.version}`, value: ({ values }) => valueOf(values[1]) },
                ],
                context.out.columns ?? 160,
              ),
          ...changes,
        ].join('\n'),
      );
    });
}

const valueOf = (value: string | number | null | undefined): string | undefined =>
  typeof value === 'number' ? formatNumber(value) : (value ?? undefined);

function buildCard(command: Command, context: CliContext): void {
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
  const full = resolve(context.directory, file);
  let text: string;
  try {
    text = await readFile(full, 'utf8');
  } catch (error) {
    throw cliErrors['file-unreadable']({ file: full, reason: error instanceof Error ? error.message : String(error) }, error);
  }
  const { digest } = await client.get<CardWire>(path);
  return client.put<CardWire>(path, { text, ...(digest === undefined ? {} : { replaces: digest }) });
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
