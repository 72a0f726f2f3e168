import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { DatasetWire, QuarantineWire, RowPageWire, SnapshotWire } from '#data/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { formatBytes, formatNumber, formatTime, print, printTable, renderPairs, renderTable } from '../output.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { url, withQuery } from '../url.ts';

export const buildData: Build = (command, context) => {
  buildList(command, context);
  buildShow(command, context);
  buildLoad(command, context);
  buildPreview(command, context);
  buildQuarantine(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('Datasets with their newest snapshot'), 'ripen data list').action(
    async (options: Given) => {
      const { client, base } = await inProject(context, options);
      const { items } = await client.get<{ items: DatasetWire[] }>(`${base}/datasets`);
      printTable(context, options, {
        value: { items },
        rows: items,
        columns: [
          { title: 'Dataset', value: ({ name }) => name },
          { title: 'Snapshot', value: ({ newest }) => newest?.number, align: 'right' },
          { title: 'Rows', value: ({ newest }) => formatNumber(newest?.rows), align: 'right' },
          { title: 'Size', value: ({ newest }) => formatBytes(newest?.bytes), align: 'right' },
          { title: 'Contract', value: ({ newest }) => contractOf(newest?.contract) },
          { title: 'Quarantined', value: ({ quarantined }) => quarantined, align: 'right' },
          { title: 'Published (UTC)', value: ({ newest }) => formatTime(newest?.publishedAt) },
        ],
        empty: 'There are no datasets. Load one: `ripen data load <dataset> <file>`.',
      });
    },
  );
}

const contractOf = (contract: { passed: boolean } | undefined): string | undefined =>
  contract === undefined ? undefined : contract.passed ? 'kept' : 'broken';

function buildShow(command: Command, context: CliContext): void {
  describeInProject(
    command.command('show <dataset>').description('One dataset: its columns and snapshots'),
    'ripen data show flights',
  ).action(async (dataset: string, options: Given) => {
    const { client, base } = await inProject(context, options);
    const summary = await client.get<DatasetWire>(base + url`/datasets/${dataset}`);
    const { items } = await client.get<{ items: SnapshotWire[] }>(base + url`/datasets/${dataset}/snapshots`, { limit: 20 });
    print(context, options, { ...summary, snapshots: items }, () => describeDataset(context, summary, items));
  });
}

function describeDataset(
  context: CliContext,
  { name, description, owner, classification, retention }: DatasetWire,
  snapshots: SnapshotWire[],
): string {
  const width = context.out.columns ?? 160;
  const schema = snapshots[0]?.schema ?? [];
  return [
    renderPairs([
      ['dataset', name],
      ['description', description],
      ['owner', owner],
      ['classification', classification],
      ['retention', retention],
    ]),
    renderTable(
      schema,
      [
        { title: 'Column', value: (column) => column.name },
        { title: 'Type', value: ({ type }) => type },
      ],
      width,
    ),
    renderTable(
      snapshots,
      [
        { title: 'Snapshot', value: ({ number }) => number, align: 'right' },
        { title: 'Rows', value: ({ rows }) => formatNumber(rows), align: 'right' },
        { title: 'Added', value: ({ addedRows }) => formatNumber(addedRows), align: 'right' },
        { title: 'Contract', value: ({ contract }) => contractOf(contract) },
        { title: 'Published (UTC)', value: ({ publishedAt }) => formatTime(publishedAt) },
        { title: 'From', value: ({ source }) => source.name },
        { title: 'Digest', value: ({ digest }) => digest },
      ],
      width,
    ),
  ].join('\n\n');
}

type LoadOptions = Given & { contract?: string; mode: string; format?: string };

function buildLoad(command: Command, context: CliContext): void {
  describeInProject(
    command.command('load <dataset> <file>').description('Load a file as the next snapshot; one that breaks the contract is quarantined'),
    'ripen data load flights january.parquet --contract contracts/flights.yaml',
  )
    .option('--contract <contract>', 'a contract file, the digest of a kept one, latest or none')
    .option('--mode <mode>', 'append or replace', 'append')
    .option('--format <format>', 'parquet, csv or jsonl; else by the ending of the file')
    .action(async (dataset: string, file: string, options: LoadOptions) => {
      const session = await inProject(context, options);
      const path = resolve(context.directory, file);
      await requireFile(path);
      const contract = await contractFor(context, session, { dataset, contract: options.contract });
      const { mode, format } = options;
      const address = withQuery(session.base + url`/datasets/${dataset}/load`, { file: basename(path), mode, format, contract });
      const response = await session.client.raw('POST', address, {
        // The web stream of a Node stream is the same at run time; the two declarations differ.
        body: Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
        headers: { 'content-type': 'application/octet-stream' },
      });
      const loaded = (await response.json()) as { created: boolean; snapshot: SnapshotWire };
      print(context, options, loaded, () => textOfLoad(loaded));
    });
}

function textOfLoad({ created, snapshot }: { created: boolean; snapshot: SnapshotWire }): string {
  const { dataset, number, rows, addedRows, contract, digest } = snapshot;
  const rules = contract === undefined ? 'no contract was checked' : `${contract.rules.length} rules of the contract are kept`;
  const done = created ? `Snapshot ${number} of ${dataset} is published` : `This was loaded before, as snapshot ${number} of ${dataset}`;
  return `${done}: ${formatNumber(rows) ?? ''} rows (${formatNumber(addedRows) ?? ''} new), ${rules}.\n${digest}`;
}

/** A file is kept first and then named by its digest; anything else names a contract already. */
async function contractFor(
  context: CliContext,
  { client, base }: ProjectSession,
  { dataset, contract }: { dataset: string; contract: string | undefined },
): Promise<string | undefined> {
  if (contract === undefined || contract === 'latest' || contract === 'none' || contract.startsWith('sha256:')) return contract;
  const path = resolve(context.directory, contract);
  await requireFile(path);
  const response = await client.raw('POST', base + url`/datasets/${dataset}/contracts?file=${basename(path)}`, {
    body: await readFile(path, 'utf8'),
    headers: { 'content-type': 'application/yaml' },
  });
  return ((await response.json()) as { digest: string }).digest;
}

async function requireFile(file: string): Promise<void> {
  try {
    if (!(await stat(file)).isFile()) throw cliErrors['file-unreadable']({ file, reason: 'it is not a file' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw cliErrors['file-unreadable']({ file, reason: 'there is no such file' }, error);
    throw error;
  }
}

function buildPreview(command: Command, context: CliContext): void {
  describeInProject(command.command('preview <dataset>').description('Some rows of a snapshot'), 'ripen data preview flights --limit 5')
    .option('--snapshot <number>', 'which snapshot', 'latest')
    .option('--limit <count>', 'how many rows', '20')
    .option('--offset <count>', 'how many rows to pass over', '0')
    .action(async (dataset: string, options: Given & { snapshot: string; limit: string; offset: string }) => {
      const { client, base } = await inProject(context, options);
      const { limit, offset } = options;
      const page = await client.get<RowPageWire>(base + url`/datasets/${dataset}/snapshots/${options.snapshot}/rows`, { limit, offset });
      printTable(context, options, {
        value: page,
        rows: page.rows,
        columns: page.columns.map((column, index) => ({
          title: column.name,
          value: (row: readonly unknown[]) => cellOf(row[index]),
          align: typeof page.rows[0]?.[index] === 'number' ? ('right' as const) : ('left' as const),
        })),
        empty: 'The snapshot has no rows.',
      });
    });
}

function cellOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function buildQuarantine(command: Command, context: CliContext): void {
  describeInProject(
    command.command('quarantine <dataset> [id]').description('Loads that were refused, or one with the broken rules and sample rows'),
    'ripen data quarantine flights',
  ).action(async (dataset: string, id: string | undefined, options: Given) => {
    const { client, base } = await inProject(context, options);
    if (id !== undefined) {
      const load = await client.get<QuarantineWire>(base + url`/datasets/${dataset}/quarantine/${id}`);
      return print(context, options, load, () => textOfQuarantine(load));
    }
    const { items } = await client.get<{ items: QuarantineWire[] }>(base + url`/datasets/${dataset}/quarantine`);
    return printTable(context, options, {
      value: { items },
      rows: items,
      columns: [
        { title: 'Id', value: (load) => load.id },
        { title: 'When (UTC)', value: ({ quarantinedAt }) => formatTime(quarantinedAt) },
        { title: 'File', value: ({ source }) => source.name },
        { title: 'Rows', value: ({ rows }) => formatNumber(rows), align: 'right' },
        { title: 'Why', value: ({ message }) => message },
      ],
      empty: 'Nothing was refused.',
    });
  });
}

function textOfQuarantine({ message, contract, failingRows }: QuarantineWire): string {
  const broken = contract?.rules.filter(({ passed }) => !passed) ?? [];
  return [
    message,
    ...broken.map(({ column, explanation }) => `  ✖ ${column === undefined ? '' : `${column}: `}${explanation}`),
    ...failingRows.map(({ row, column, values }) => `  row ${row}, ${column}: ${JSON.stringify(values)}`),
  ].join('\n');
}
