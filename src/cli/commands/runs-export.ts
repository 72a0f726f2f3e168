import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { print } from '../output.ts';
import { inProject } from '../project.ts';
import { withQuery } from '../url.ts';

type ExportOptions = Given & {
  filter?: string;
  order?: string;
  experiment?: string;
  deleted?: boolean;
  column?: string[];
  format?: string;
};

/** `ripen runs export` */
export function buildExport(command: Command, context: CliContext): void {
  describeInProject(
    command
      .command('export [file]')
      .description('All runs that fit a filter as one CSV or Parquet file; without a file, CSV goes to the output'),
    `ripen runs export best.parquet --filter "metrics.auc > 0.7" --column name metrics.auc params.depth`,
  )
    .option('--filter <filter>', 'such as "params.epochs = \'4\' and metrics.auc > 0.7"')
    .option('--order <order>', 'such as "metrics.auc DESC"; default the newest first')
    .option('--experiment <name>', 'only of this experiment')
    .option('--deleted', 'deleted runs in place of the others')
    .option('--column <columns...>', 'such as name metrics.auc params.depth; default every column')
    .option('--format <format>', 'csv or parquet; default by the name of the file')
    .action(async (file: string | undefined, options: ExportOptions) => {
      const { client, base } = await inProject(context, options);
      const { filter, order, experiment, column, deleted } = options;
      const format = options.format ?? (file?.endsWith('.parquet') === true ? 'parquet' : 'csv');
      const lifecycle = deleted === true ? 'deleted' : undefined;
      const path = withQuery(`${base}/run-export`, { filter, order, experiment, column, lifecycle, format });
      const answer = await client.raw('GET', path);
      if (answer.body === null) return;
      if (file === undefined) {
        const text = answer.body.pipeThrough(new TextDecoderStream());
        for await (const piece of text) context.out.write(piece);
        return;
      }
      const target = resolve(context.directory, file);
      await save(answer.body, target);
      print(context, options, { file: target, format }, () => `The runs are in ${target}.`);
    });
}

/** Writes beside the file first, so that what is there stays whole until all of the new one has come. */
async function save(body: ReadableStream<Uint8Array>, target: string): Promise<void> {
  const part = `${target}.part`;
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(part));
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw cliErrors['file-not-written']({ file: target, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}
