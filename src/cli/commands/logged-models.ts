import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { FolderEntryWire, LoggedModelPageWire, LoggedModelWire } from '#tracking/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findId } from '../find-id.ts';
import { formatBytes, formatNumber, formatTime, print, printTable, renderPairs, renderTable, shortId } from '../output.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { url } from '../url.ts';

export const buildLoggedModels: Build = (command, context) => {
  buildList(command, context);
  buildShow(command, context);
  buildZip(command, context);
  buildMark(command, context);
};

const wholeId = /^m-[0-9a-f]{32}$/;

async function modelId({ client, base }: ProjectSession, given: string, deleted = false): Promise<string> {
  if (wholeId.test(given)) return given;
  const what = deleted ? 'deleted logged model' : 'logged model';
  return findId(client, { path: `${base}/logged-models`, what, query: { deleted: String(deleted) } }, given);
}

type ListOptions = Given & { filter?: string; order?: string; deleted?: boolean; limit: string };

function buildList(command: Command, context: CliContext): void {
  describeInProject(
    command.command('list').description('Models as runs logged them, the newest first'),
    `ripen logged-models list --filter "metrics.auc > 0.7 and state = 'ready'" --order "metrics.auc DESC"`,
  )
    .option('--filter <filter>', 'such as "params.depth = \'4\' and metrics.auc > 0.7"')
    .option('--order <order>', 'such as "metrics.auc DESC"; default the newest first')
    .option('--deleted', 'those that are deleted')
    .option('--limit <count>', 'how many', '30')
    .action(async (options: ListOptions) => {
      const { client, base } = await inProject(context, options);
      const { filter, order, deleted = false, limit } = options;
      const page = await client.get<LoggedModelPageWire>(`${base}/logged-models`, { filter, order, limit, deleted: String(deleted) });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          // The letter and the dash in front, then as much as a run shows.
          { title: 'Model', value: ({ id }) => id.slice(0, 14) },
          { title: 'Name', value: ({ name }) => name },
          { title: 'Experiment', value: ({ experiment }) => experiment },
          { title: 'State', value: ({ state }) => state },
          { title: 'Run', value: ({ sourceRun }) => (sourceRun === undefined ? undefined : shortId(sourceRun)) },
          { title: 'Made (UTC)', value: ({ createdAt }) => formatTime(createdAt) },
        ],
        empty: deleted ? 'No logged model is deleted.' : 'No logged model fits.',
      });
    });
}

function buildShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <model>').description('One logged model: parameters, metrics, files, the run that made it'),
    'ripen logged-models show latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const path = session.base + url`/logged-models/${await modelId(session, given)}`;
    const model = await session.client.get<LoggedModelWire>(path);
    const files =
      model.deletedAt === undefined
        ? await session.client.get<{ items: FolderEntryWire[] }>(`${path}/files`, { limit: 1000 })
        : { items: [] };
    print(context, options, { ...model, files: files.items }, () => textOf(model, files.items));
  });
}

function textOf(model: LoggedModelWire, files: readonly FolderEntryWire[]): string {
  const section = (title: string, pairs: readonly (readonly [string, string | undefined])[]): string[] =>
    pairs.length === 0 ? [] : ['', title, renderPairs(pairs.map(([name, value]) => [`  ${name}`, value] as const))];
  const measured = model.metrics.map(({ name, value, datasetName }) => ({
    name,
    value: typeof value === 'number' ? (formatNumber(value) ?? '') : value,
    dataset: datasetName,
  }));
  const table = renderTable(measured, [
    { title: '  Metric', value: ({ name }) => `  ${name}` },
    { title: 'Value', value: ({ value }) => value, align: 'right' },
    { title: 'On', value: ({ dataset }) => dataset },
  ]);
  return [
    renderPairs([
      ['model', model.id],
      ['name', model.name],
      ['experiment', `${model.experiment} (${model.experimentSequence})`],
      ['state', model.deletedAt === undefined ? model.state : `deleted on ${formatTime(model.deletedAt) ?? ''} UTC`],
      ['type', model.modelType],
      ['run', model.sourceRun],
      ['made', `${formatTime(model.createdAt) ?? ''} UTC by ${model.createdBy.name}`],
    ]),
    ...section('Parameters', Object.entries(model.parameters)),
    ...(measured.length === 0 ? [] : ['', table]),
    ...section(
      'Files',
      files.map(({ name, kind, size, files: count }) => [
        kind === 'folder' ? `${name}/` : name,
        kind === 'folder' ? `${count} files, ${formatBytes(size) ?? ''}` : formatBytes(size),
      ]),
    ),
    ...section('Tags', Object.entries(model.tags)),
  ].join('\n');
}

function buildZip(command: Command, context: CliContext): void {
  describeInProject(
    command.command('zip <model>').description('Write the files of a logged model, or of one folder, into a ZIP file'),
    'ripen logged-models zip latest --to model.zip',
  )
    .requiredOption('--to <file>', 'the ZIP file; one of that name is overwritten')
    .option('--folder <folder>', 'only what lies in this folder')
    .action(async (given: string, options: Given & { to: string; folder?: string }) => {
      const session = await inProject(context, options);
      const id = await modelId(session, given);
      const file = resolve(context.directory, options.to);
      const query = options.folder === undefined ? '' : `?${new URLSearchParams({ folder: options.folder }).toString()}`;
      const { body } = await session.client.raw('GET', session.base + url`/logged-models/${id}/zip` + query);
      // Under its own name only when it is whole.
      const written = createWriteStream(`${file}.part`);
      try {
        await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body), written);
        await rename(written.path, file);
      } catch (error) {
        await rm(written.path, { force: true });
        throw error;
      }
      const value = { model: id, file, bytes: written.bytesWritten };
      print(context, options, value, () => `The files of ${id} are in ${file} (${formatBytes(value.bytes) ?? '0 B'}).`);
    });
}

function buildMark(command: Command, context: CliContext): void {
  describeInProject(
    command.command('delete <model>').description('Delete a logged model; it can be restored'),
    'ripen logged-models delete m-0199f3b2c4d5',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const model = await session.client.delete<LoggedModelWire>(session.base + url`/logged-models/${await modelId(session, given)}`);
    print(context, options, model, () => `${model.name} is deleted. ripen logged-models restore ${model.id} brings it back.`);
  });
  describeInProject(
    command.command('restore <model>').description('Bring a deleted logged model back'),
    'ripen logged-models restore m-0199f3b2c4d5',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const path = session.base + url`/logged-models/${await modelId(session, given, true)}/restore`;
    const model = await session.client.post<LoggedModelWire>(path, {});
    print(context, options, model, () => `${model.name} is back.`);
  });
}
