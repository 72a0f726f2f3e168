import type { Command } from 'commander';
import type { ExperimentWire } from '#tracking/index.ts';
import { type Build, collect, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { formatTime, print, printTable } from '../output.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { url } from '../url.ts';

export const buildExperiments: Build = (command, context) => {
  buildList(command, context);
  buildCreate(command, context);
  buildEdit(command, context);
  buildMark(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('Experiments by name, with their numbers'), 'ripen experiments list')
    .option('--deleted', 'those that are deleted')
    .option('--limit <count>', 'how many', '100')
    .action(async (options: Given & { deleted?: boolean; limit: string }) => {
      const { client, base } = await inProject(context, options);
      const { deleted = false, limit } = options;
      const page = await client.get<{ items: ExperimentWire[]; next?: string }>(`${base}/experiments`, { deleted: String(deleted), limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Number', value: ({ sequence }) => String(sequence), align: 'right' },
          { title: 'Name', value: ({ name }) => name },
          { title: 'Runs', value: ({ runs }) => String(runs ?? 0), align: 'right' },
          { title: 'Last run (UTC)', value: ({ lastRunAt }) => formatTime(lastRunAt) },
          { title: 'Files', value: ({ artifactLocation }) => artifactLocation ?? 'in Ripen' },
        ],
        empty: deleted ? 'No experiment is deleted.' : 'There is no experiment yet.',
      });
    });
}

function buildCreate(command: Command, context: CliContext): void {
  describeInProject(
    command.command('create <name>').description('Create an experiment; starting a run in one does so too'),
    'ripen experiments create sweep --tag team=delay',
  )
    .option('--tag <name=value>', 'a tag; may be given several times', collect)
    .option('--artifact-location <address>', 'where clients are to put the files of its runs, such as s3://bucket/folder; default in Ripen')
    .action(async (name: string, options: Given & { tag?: readonly string[]; artifactLocation?: string }) => {
      const { client, base } = await inProject(context, options);
      const tags = Object.fromEntries((options.tag ?? []).map(tagOf));
      const made = await client.post<ExperimentWire>(`${base}/experiments`, { name, tags, artifactLocation: options.artifactLocation });
      print(context, options, made, () => `Experiment ${made.name} has the number ${made.sequence}.`);
    });
}

function buildEdit(command: Command, context: CliContext): void {
  describeInProject(
    command.command('edit <experiment>').description('Rename an experiment, set its tags or take some away; by name or number'),
    'ripen experiments edit sweep --name "depth sweep" --remove-tag draft',
  )
    .option('--name <name>', 'the new name')
    .option('--tag <name=value>', 'a tag; may be given several times', collect)
    .option('--remove-tag <name>', 'a tag to take away; may be given several times', collect)
    .action(async (given: string, options: Given & { name?: string; tag?: readonly string[]; removeTag?: readonly string[] }) => {
      const session = await inProject(context, options);
      const removed = (options.removeTag ?? []).map((name) => [name, null] as const);
      const tags = Object.fromEntries([...(options.tag ?? []).map(tagOf), ...removed]);
      const path = session.base + url`/experiments/${await numberOf(session, given, false)}`;
      const changed = await session.client.patch<ExperimentWire>(path, { name: options.name, tags });
      print(context, options, changed, () => `Experiment ${changed.name} is changed.`);
    });
}

function buildMark(command: Command, context: CliContext): void {
  describeInProject(
    command.command('delete <experiment>').description('Delete an experiment with its runs; it can be restored'),
    'ripen experiments delete sweep',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const number = await numberOf(session, given, false);
    const deleted = await session.client.delete<ExperimentWire>(session.base + url`/experiments/${number}`);
    print(context, options, deleted, () => `Experiment ${deleted.name} is deleted. ripen experiments restore ${number} brings it back.`);
  });
  describeInProject(
    command.command('restore <experiment>').description('Bring a deleted experiment back, with the runs that were deleted with it'),
    'ripen experiments restore sweep',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const number = await numberOf(session, given, true);
    const restored = await session.client.post<ExperimentWire>(session.base + url`/experiments/${number}/restore`, {});
    print(context, options, restored, () => `Experiment ${restored.name} is back.`);
  });
}

/** The number of an experiment that was given by number or name. @throws `cli.experiment-unknown` */
async function numberOf({ client, base }: ProjectSession, given: string, deleted: boolean): Promise<string> {
  if (/^\d{1,15}$/.test(given)) return given;
  const { items } = await client.get<{ items: ExperimentWire[] }>(`${base}/experiments`, { name: given, deleted: String(deleted) });
  const [found] = items;
  if (found === undefined) throw cliErrors['experiment-unknown']({ experiment: given, deleted });
  return String(found.sequence);
}

function tagOf(given: string): readonly [string, string] {
  const at = given.indexOf('=');
  if (at < 1) throw cliErrors['invalid-option']({ option: '--tag', value: given, expected: 'a name and a value such as team=delay' });
  return [given.slice(0, at), given.slice(at + 1)];
}
