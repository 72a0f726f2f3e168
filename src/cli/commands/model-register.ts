import type { Command } from 'commander';
import type { ModelVersionWire, ModelWire } from '#registry/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { print } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

/** `models register`, `models rename`, `models stage`. */
export function buildModelRegister(command: Command, context: CliContext): void {
  describeInProject(
    command
      .command('register <model> <source>')
      .description('The next version, from runs:/<run>/<folder>, models:/<logged model>, models:/<model>/<version> or a place elsewhere'),
    'ripen models register flight-delay runs:/4f0c/model --description "trained on May"',
  )
    .option('--run <run>', 'the run that made it; that of the source unless said')
    .option('--description <text>', 'what is special about it')
    .action(async (model: string, source: string, options: Given & { run?: string; description?: string }) => {
      const { client, base } = await inProject(context, options);
      const { run, description } = options;
      const made = await client.post<ModelVersionWire>(base + url`/models/${model}/versions`, { source, run, description });
      const files = made.files.length === 1 ? '1 file' : `${made.files.length} files`;
      print(context, options, made, () => `Version ${made.version} of ${model} is registered with ${files}.`);
    });
  describeInProject(
    command.command('rename <model> <name>').description('Give a model that no deployment or release uses another name'),
    'ripen models rename delay flight-delay',
  ).action(async (model: string, name: string, options: Given) => {
    const { client, base } = await inProject(context, options);
    const renamed = await client.post<ModelWire>(base + url`/models/${model}/rename`, { name });
    print(context, options, renamed, () => `${model} is now called ${renamed.name}.`);
  });
  buildStage(command, context);
}

function buildStage(command: Command, context: CliContext): void {
  describeInProject(
    command
      .command('stage <model> <version> <stage>')
      .description('Move a version to a stage of old MLflow clients: None, Staging, Production or Archived'),
    'ripen models stage flight-delay 3 Production --archive-others',
  )
    .option('--archive-others', 'versions that are there now go to Archived')
    .action(async (model: string, version: string, stage: string, options: Given & { archiveOthers?: boolean }) => {
      const { client, base } = await inProject(context, options);
      const path = `${base}${url`/models/${model}/versions/`}${encodeURIComponent(version)}/stage`;
      const moved = await client.put<ModelVersionWire>(path, { stage, archiveOthers: options.archiveOthers });
      print(context, options, moved, () => `Version ${moved.version} of ${model} is in ${moved.stage}.`);
    });
}
