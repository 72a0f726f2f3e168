import { defineErrors } from '#kernel/errors.ts';

export const cliErrors = defineErrors('cli', {
  'wrong-usage': {
    kind: 'input',
    message: (a: { problem: string; nearest: string | undefined }) => `${a.problem}.`,
    hint: (a: { problem: string; nearest: string | undefined }) =>
      a.nearest === undefined ? 'Add --help to see what the command takes.' : `Did you mean ${a.nearest}?`,
  },
  'no-command': {
    kind: 'input',
    message: (a: { command: string }) => `ripen ${a.command} needs one of the commands above.`,
  },
  'invalid-option': {
    kind: 'input',
    message: (a: { option: string; value: string; expected: string }) => `"${a.value}" for ${a.option} is not ${a.expected}.`,
    hint: () => 'Add --help to see an example.',
  },
  'no-project': {
    kind: 'not-found',
    message: (a: { server: string }) => `The server at ${a.server} has no project yet.`,
    hint: () => 'Make one: `ripen init flights --template onnx-typescript`.',
  },
  'which-project': {
    kind: 'input',
    message: (a: { projects: readonly string[] }) => `There are several projects: ${a.projects.join(', ')}.`,
    hint: (a: { projects: readonly string[] }) => `Say which: --project ${a.projects[0] ?? ''}, or work in the folder of one.`,
  },
  'id-not-found': {
    kind: 'not-found',
    message: (a: { what: string; id: string }) => `There is no ${a.what} whose id begins with "${a.id}".`,
    hint: () => 'Ids may be cut short, or be "latest"; the list command shows them.',
  },
  'experiment-unknown': {
    kind: 'not-found',
    message: (a: { experiment: string; deleted: boolean }) => `There is no ${a.deleted ? 'deleted ' : ''}experiment "${a.experiment}".`,
    hint: (a: { deleted: boolean }) => `\`ripen experiments list${a.deleted ? ' --deleted' : ''}\` shows those that there are.`,
  },
  'id-ambiguous': {
    kind: 'input',
    message: (a: { what: string; id: string; ids: readonly string[] }) => `Several ${a.what}s begin with "${a.id}": ${a.ids.join(', ')}.`,
    hint: () => 'Give more of the id.',
  },
  'model-changed': {
    kind: 'conflict',
    message: (a: { what: string; problems: readonly string[] }) => `${a.what} is not what was signed: ${a.problems.slice(0, 10).join(' ')}`,
    hint: () => 'Do not use these files. Download the version again; when that does not help, restore its blobs from a backup.',
  },
  'file-unreadable': {
    kind: 'input',
    message: (a: { file: string; reason: string }) => `The file ${a.file} cannot be read: ${a.reason}.`,
    hint: () => 'Check the path and the rights.',
  },
  'file-not-written': {
    kind: 'input',
    message: (a: { file: string; reason: string }) => `The file ${a.file} could not be written: ${a.reason}.`,
    hint: () => 'Check the path, the rights and the room on the disk; what was there before is untouched.',
  },
  'home-unwritable': {
    kind: 'not-allowed',
    message: (a: { home: string; reason: string }) => `The home ${a.home} cannot be written (${a.reason}).`,
    hint: () => 'Give this user the right to write there, or choose another directory with RIPEN_HOME.',
  },
  'no-home': {
    kind: 'not-found',
    message: (a: { home: string }) => `There is no Ripen home at ${a.home}, and no server answers.`,
    hint: () => 'Say where it is with RIPEN_HOME, or start one with `ripen up`.',
  },
  'no-rollout': {
    kind: 'not-found',
    message: (a: { deployment: string; environment: string }) => `${a.deployment} has no rollout in ${a.environment}.`,
    hint: () => '`ripen deploy status` shows what serves where.',
  },
});
