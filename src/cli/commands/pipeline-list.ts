import type { Command } from 'commander';
import type { PipelineRunWire, PipelineWire } from '#pipelines/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatTime, printTable, shortId } from '../output.ts';
import { inProject } from '../project.ts';
import { took } from './describe-pipeline-run.ts';

export function buildPipelineList(command: Command, context: CliContext): void {
  describeInProject(command.command('list').description('The pipelines that ripen.yaml declares now'), 'ripen pipeline list').action(
    async (options: Given) => {
      const { client, base } = await inProject(context, options);
      const { items } = await client.post<{ items: PipelineWire[] }>(`${base}/pipelines`);
      printTable(context, options, {
        value: { items },
        rows: items,
        columns: [
          { title: 'Pipeline', value: ({ name }) => name },
          { title: 'Steps', value: ({ steps }) => steps.map(({ name }) => name).join(', ') },
          { title: 'Triggers', value: ({ triggers }) => triggers.map(({ cron, on }) => cron ?? on ?? '').join(', ') || undefined },
          { title: 'Registers', value: ({ registers }) => registers?.model },
          { title: 'What it does', value: ({ description }) => description },
        ],
        empty: 'ripen.yaml declares no pipeline.',
      });
    },
  );
}

export function buildPipelineRuns(command: Command, context: CliContext): void {
  describeInProject(command.command('runs [pipeline]').description('Pipeline runs, the newest first'), 'ripen pipeline runs train')
    .option('--state <state>', 'queued, running, succeeded, failed or cancelled')
    .option('--limit <count>', 'how many', '30')
    .action(async (pipeline: string | undefined, options: Given & { state?: string; limit: string }) => {
      const { client, base } = await inProject(context, options);
      const { state, limit } = options;
      const page = await client.get<{ items: PipelineRunWire[] }>(`${base}/pipeline-runs`, { pipeline, state, limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Run', value: ({ id }) => shortId(id) },
          { title: 'Pipeline', value: (run) => run.pipeline },
          { title: 'State', value: (run) => run.state },
          { title: 'Started by', value: ({ trigger, actor }) => (trigger.kind === 'manual' ? actor.name : trigger.kind) },
          { title: 'Created (UTC)', value: ({ createdAt }) => formatTime(createdAt) },
          { title: 'Took', value: ({ startedAt, finishedAt }) => took(startedAt, finishedAt), align: 'right' },
          {
            title: 'Registered',
            value: ({ registered }) => (registered === undefined ? undefined : `${registered.model} ${registered.version}`),
          },
        ],
        empty: 'No pipeline has run. Start one: `ripen pipeline run <pipeline>`.',
      });
    });
}
