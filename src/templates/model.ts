import { defineErrors } from '#kernel/errors.ts';

/** A whole small project to start from; a folder below `templates/` with a `template.yaml`. */
export interface Template {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
}

export const templateErrors = defineErrors('templates', {
  'template-not-found': {
    kind: 'not-found',
    message: (a: { template: string; nearest: string | undefined }) => `There is no template "${a.template}".`,
    hint: (a: { template: string; nearest: string | undefined }) =>
      a.nearest === undefined ? '`ripen init --list` shows the templates there are.' : `Did you mean "${a.nearest}"?`,
  },
  'folder-not-empty': {
    kind: 'conflict',
    message: (a: { path: string }) => `The folder ${a.path} is not empty, and Ripen does not write over your files.`,
    hint: () => 'Choose another folder, or empty this one.',
  },
  'invalid-template': {
    kind: 'internal',
    message: (a: { template: string; problem: string }) => `The template ${a.template} cannot be used: ${a.problem}.`,
  },
});
