import type { MemberWire } from '#identity/index.ts';
import { type Build, collect, describeInProject, type Given } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { formatTime, print, printTable } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

export const buildMember: Build = (command, context) => {
  describeInProject(
    command.command('add <id>').description('Add a person to the project, or change their personas'),
    'ripen member add ada --name "Ada Lovelace" --persona business',
  )
    .option('--name <name>', 'what the person is called')
    .option(
      '--persona <persona>',
      'data-scientist, data-engineer, ml-engineer, platform-engineer, auditor or business; may be repeated',
      collect,
    )
    .action(async (id: string, options: Given & { name?: string; persona?: readonly string[] }) => {
      if (options.persona === undefined)
        throw cliErrors['invalid-option']({ option: '--persona', value: '', expected: 'at least one persona' });
      const { client, project, base } = await inProject(context, options);
      const body = { name: options.name ?? id, personas: options.persona };
      const member = await client.put<MemberWire>(base + url`/members/${id}`, body);
      print(context, options, member, () => `${member.name} works in ${project} as ${member.personas.join(', ')}.`);
    });
  describeInProject(command.command('list').description('Who works in the project, and as what'), 'ripen member list').action(
    async (options: Given) => {
      const { client, base } = await inProject(context, options);
      const { items } = await client.get<{ items: MemberWire[] }>(`${base}/members`);
      printTable(context, options, {
        value: { items },
        rows: items,
        columns: [
          { title: 'Id', value: ({ id }) => id },
          { title: 'Name', value: ({ name }) => name },
          { title: 'Personas', value: ({ personas }) => personas.join(', ') },
          { title: 'Since (UTC)', value: ({ addedAt }) => formatTime(addedAt) },
        ],
        empty: 'Nobody works here yet.',
      });
    },
  );
};
