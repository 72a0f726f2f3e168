import type { Command } from 'commander';
import type { PipelineRunWire } from '#pipelines/index.ts';
import { collect, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { followPipelineRun } from '../follow-pipeline-run.ts';
import { print, shortId } from '../output.ts';
import { pipelineRunPath } from '../pipeline-run-path.ts';
import { createProgress } from '../progress.ts';
import { inProject, type ProjectSession } from '../project.ts';
import { url } from '../url.ts';
import { describePipelineRun } from './describe-pipeline-run.ts';

type RunOptions = Given & { set?: readonly string[]; fresh?: boolean; detach?: boolean };

export function buildPipelineRun(command: Command, context: CliContext): void {
  describeInProject(
    command.command('run <pipeline>').description('Run a pipeline as ripen.yaml and the code are now, and follow it'),
    'ripen pipeline run train --set epochs=8',
  )
    .option('--set <name=value>', 'a parameter; numbers, true, false and JSON are taken as such', collect)
    .option('--fresh', 'run every step, whatever the cache holds')
    .option('--detach', 'start it and do not wait')
    .action(async (pipeline: string, { set = [], fresh, ...options }: RunOptions) => {
      const session = await inProject(context, options);
      const started = await session.client.post<PipelineRunWire>(session.base + url`/pipelines/${pipeline}/runs`, {
        parameters: Object.fromEntries(set.map(parameterOf)),
        ...(fresh === undefined ? {} : { fresh }),
      });
      await followRun(context, session, { options, started });
    });
}

/** `epochs=8`: what is JSON is taken as JSON, anything else as text. */
function parameterOf(text: string): [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw cliErrors['invalid-option']({ option: '--set', value: text, expected: 'name=value' });
  const value = text.slice(equals + 1);
  try {
    return [text.slice(0, equals), JSON.parse(value)];
  } catch {
    // A bare word.
    return [text.slice(0, equals), value];
  }
}

export function buildPipelineRetry(command: Command, context: CliContext): void {
  describeInProject(
    command.command('retry <run>').description('Go on where a run failed, with the same code, parameters and data'),
    'ripen pipeline retry latest',
  )
    .option('--detach', 'start it and do not wait')
    .action(async (given: string, options: Given & { detach?: boolean }) => {
      const session = await inProject(context, options);
      const started = await session.client.post<PipelineRunWire>(`${await pipelineRunPath(session, given)}/retry`);
      await followRun(context, session, { options, started });
    });
}

export function buildPipelineCancel(command: Command, context: CliContext): void {
  describeInProject(
    command.command('cancel <run>').description('End a pipeline run with everything it started'),
    'ripen pipeline cancel latest',
  ).action(async (given: string, options: Given) => {
    const session = await inProject(context, options);
    const run = await session.client.post<PipelineRunWire>(`${await pipelineRunPath(session, given)}/cancel`);
    print(context, options, run, () => `Pipeline run ${run.id} is ${run.state === 'cancelled' ? 'cancelled' : 'being cancelled'}.`);
  });
}

async function followRun(
  context: CliContext,
  session: ProjectSession,
  { options, started }: { options: Given & { detach?: boolean }; started: PipelineRunWire },
): Promise<void> {
  if (options.detach === true)
    return print(
      context,
      options,
      started,
      () => `Pipeline run ${started.id} is started. Follow it: ripen pipeline show ${shortId(started.id)}`,
    );
  const progress = createProgress(options.json === true ? context.err : context.out);
  const ended = await progress.task(`${started.pipeline} ${shortId(started.id)}`, async (task) => {
    const run = await followPipelineRun(session.client, started, task);
    const reused = run.steps.filter(({ state }) => state === 'cached').length;
    task.result(`${run.steps.length} steps${reused === 0 ? '' : `, ${reused} from the cache`}`);
    return run;
  });
  return print(context, options, ended, () => describePipelineRun(context, ended));
}
