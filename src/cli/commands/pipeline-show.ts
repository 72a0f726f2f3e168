import type { Command } from 'commander';
import type { ExplanationWire, PipelineRunDetailWire } from '#pipelines/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { print } from '../output.ts';
import { pipelineRunPath } from '../pipeline-run-path.ts';
import { inProject } from '../project.ts';
import { describePipelineRun } from './describe-pipeline-run.ts';

export function buildPipelineShow(command: Command, context: CliContext): void {
  describeInProject(command.command('show <run>').description('One pipeline run with its steps'), 'ripen pipeline show latest').action(
    async (given: string, options: Given) => {
      const session = await inProject(context, options);
      const run = await session.client.get<PipelineRunDetailWire>(await pipelineRunPath(session, given));
      print(context, options, run, () => describePipelineRun(context, run));
    },
  );
}

export function buildPipelineExplain(command: Command, context: CliContext): void {
  describeInProject(
    command.command('explain <run>').description('Why each step ran or was taken from the cache'),
    'ripen pipeline explain latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const explanation = await session.client.get<{ items: ExplanationWire[] }>(`${await pipelineRunPath(session, given)}/explanation`);
    print(context, options, explanation, () =>
      explanation.items
        .map(({ step, decision, reasons }) => [`${step}: ${decision}`, ...reasons.map((reason) => `  ${reason}`)].join('\n'))
        .join('\n'),
    );
  });
}
