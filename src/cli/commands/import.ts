import type { Command } from 'commander';
import { RipenError } from '#kernel/errors.ts';
import { connect } from '../client.ts';
import { collect, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { url } from '../url.ts';

type ImportOptions = Given & { dryRun?: boolean; artifacts?: readonly string[] };

/** `ripen import` */
export function buildImport(group: Command, context: CliContext): void {
  describeInProject(
    group
      .command('mlflow <source>')
      .description('Everything of an MLflow server, its SQLite database or a file store; again and again, only what is new'),
    'ripen import mlflow ./mlflow.db --project flights',
  )
    .option('--dry-run', 'only count what there is')
    .option('--artifacts <folder>', 'where files of runs lie, when they were moved; may be given several times', collect)
    .action((source: string, options: ImportOptions) => importFromMlflow(context, source, options));
}

async function importFromMlflow(context: CliContext, named: string, options: ImportOptions): Promise<void> {
  const { openSource } = await import('../import/mlflow/open-source.ts');
  const { importMlflow } = await import('../import/mlflow/import-mlflow.ts');
  const { isComplete } = await import('../import/mlflow/report.ts');
  const { printReport } = await import('../import/mlflow/print-report.ts');
  const { importErrors } = await import('../import/mlflow/errors.ts');
  const { createProgress } = await import('../progress.ts');
  const stop = new AbortController();
  const interrupt = () => stop.abort(importErrors['import-interrupted']({}));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const { directory, environment } = context;
  const source = await openSource(named, { directory, environment, artifacts: options.artifacts ?? [], signal: stop.signal });
  try {
    const session = await openProject(context, options);
    const progress = createProgress(context.err);
    progress.say(`${source.label} → project ${session.project} at ${session.client.address}`);
    const report = await importMlflow({ ...session, source, progress, signal: stop.signal, dryRun: options.dryRun === true });
    printReport(context, options, report);
    if (!isComplete(report)) context.exit(exitCodes.internal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await source.close();
  }
}

/** The project that is meant. One that is named and is not there is made, and so is `default` where there is none at all. */
async function openProject(context: CliContext, options: ImportOptions): Promise<ProjectSession> {
  const client = connect(context);
  const named = options.project ?? context.environment['RIPEN_PROJECT'];
  const session = named === undefined ? await inProject(context, options).catch(orDefault) : undefined;
  if (session !== undefined) return session;
  const project = named ?? 'default';
  const base = url`/api/v1/projects/${project}`;
  try {
    await client.get(base);
  } catch (error) {
    if (!(error instanceof RipenError) || error.kind !== 'not-found') throw error;
    if (options.dryRun !== true) await client.post('/api/v1/projects', { name: project });
  }
  return { client, project, base };
}

function orDefault(error: unknown): undefined {
  if (error instanceof RipenError && error.code === 'cli.no-project') return undefined;
  throw error;
}
