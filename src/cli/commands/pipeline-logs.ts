import type { Command } from 'commander';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { followStream } from '../follow-stream.ts';
import { pipelineRunPath } from '../pipeline-run-path.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

export function buildPipelineLogs(command: Command, context: CliContext): void {
  describeInProject(
    command.command('logs <run> <step>').description('What a step has printed'),
    'ripen pipeline logs latest train --follow',
  )
    .option('-f, --follow', 'go on until the step ends')
    .action(async (given: string, step: string, options: Given & { follow?: boolean }) => {
      const session = await inProject(context, options);
      const path = (await pipelineRunPath(session, given)) + url`/steps/${step}`;
      if (options.follow !== true) {
        const text = await (await session.client.raw('GET', `${path}/log`)).text();
        context.out.write(options.json === true ? `${JSON.stringify({ log: text })}\n` : text);
        return;
      }
      for await (const { data } of followStream(session.client, `${path}/log-stream`))
        context.out.write(options.json === true ? `${JSON.stringify(data)}\n` : textOf(data));
    });
}

function textOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'text' in data ? String(data.text) : '';
}
