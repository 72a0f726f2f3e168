import type { Command } from 'commander';
import { exampleOf } from './command.ts';
import { exitCodes } from './exit-codes.ts';

const heading = `# Command line

Every command that there is, as the program itself knows them; a test compares this page with it. \`ripen <command> --help\` prints the same.

Commands speak with a server over its public API: the one at \`RIPEN_URL\`, else the one that works in \`RIPEN_HOME\` (default \`./.ripen\`). They show
\`RIPEN_TOKEN\` when it is set. \`backup\`, \`restore\`, \`config\`, \`doctor\` and \`token\` also work without a server, on the home itself.

The project is that of \`--project\`, else of \`RIPEN_PROJECT\`, else of the nearest \`ripen.yaml\` upwards, else the only one there is. Ids may be cut
short, or be \`latest\`. With \`--json\` a command prints one JSON value on standard output, and an error is one JSON object on standard error.
`;

const meanings: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'done, and something is wrong: a fault was found, a gate refused, the log was changed; or an error inside Ripen',
  2: 'the command line or what was sent cannot be accepted',
  3: 'there is no such thing',
  4: 'not possible in the present state',
  5: 'not signed in, or not allowed',
  6: 'over a limit',
  7: 'something that is needed does not answer; trying again may help',
};

/** docs/cli.md: every command with its options and one example. */
export function renderReference(program: Command): string {
  const codes = [0, ...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b);
  return [
    heading,
    'Exit status:',
    '',
    ...codes.map((code) => `- ${code}: ${meanings[code] ?? ''}`),
    '',
    '`ripen run` ends with the status of the command it ran.',
    '',
    ...program.commands.flatMap((command) => ['', ...section(command, 2)]),
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}

function section(command: Command, level: number): string[] {
  const example = exampleOf(command);
  const own = example === undefined ? [] : ['', '```sh', example, '```'];
  const usage = ['', `Usage: \`${nameOf(command)}${argumentsOf(command)}\``];
  return [
    `${'#'.repeat(level)} ${nameOf(command)}`,
    '',
    `${command.description()}.`,
    ...(example === undefined || command.registeredArguments.length === 0 ? [] : usage),
    ...own,
    ...optionsOf(command),
    ...command.commands.flatMap((child) => ['', ...section(child, level + 1)]),
  ];
}

function nameOf(command: Command): string {
  const parent = command.parent;
  return parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => `${argument.name()}${argument.variadic ? '...' : ''}`)
    .map((name, index) => (command.registeredArguments[index]?.required === true ? ` <${name}>` : ` [${name}]`))
    .join('');
}

function optionsOf(command: Command): string[] {
  const options = command.options.filter(({ long }) => long !== '--json');
  if (options.length === 0) return [];
  const lines = options.map(({ flags, description, defaultValue }) => {
    const byDefault = typeof defaultValue === 'string' ? `; default \`${defaultValue}\`` : '';
    return `- \`${flags}\`: ${description}${byDefault}`;
  });
  return ['', ...lines];
}
