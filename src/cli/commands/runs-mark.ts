import type { Command } from 'commander';
import type { RunWire } from '#tracking/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findId } from '../find-id.ts';
import { print } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

/** Deletes runs and brings them back. */
export function buildMark(command: Command, context: CliContext): void {
  describeInProject(
    command.command('delete <run>').description('Delete a run; it can be restored'),
    'ripen runs delete 0199f3b2c4d5',
  ).action(async (given: string, options: Given) => {
    const { client, base } = await inProject(context, options);
    const id = await findId(client, { path: `${base}/runs`, what: 'run' }, given);
    const run = await client.delete<RunWire>(base + url`/runs/${id}`);
    print(context, options, run, () => `Run ${run.name} is deleted. ripen runs restore ${run.id} brings it back.`);
  });
  describeInProject(command.command('restore <run>').description('Bring a deleted run back'), 'ripen runs restore 0199f3b2c4d5').action(
    async (given: string, options: Given) => {
      const { client, base } = await inProject(context, options);
      const id = await findId(client, { path: `${base}/runs`, what: 'deleted run', query: { lifecycle: 'deleted' } }, given);
      const run = await client.post<RunWire>(base + url`/runs/${id}/restore`, {});
      print(context, options, run, () => `Run ${run.name} is back.`);
    },
  );
}
