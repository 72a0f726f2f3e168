import { defineErrors } from '#kernel/errors.ts';

export const importErrors = defineErrors('tracking', {
  'import-id-taken': {
    kind: 'conflict',
    message: (a: { what: string; id: string }) => `The ${a.what} ${a.id} is in another project of this server; two cannot have one id.`,
    hint: () => 'Import into the project that has it, or delete it there for good first.',
  },
  'import-experiment-missing': {
    kind: 'not-found',
    message: (a: { experiment: number; project: string }) =>
      `The project ${a.project} has no experiment number ${a.experiment} to import into.`,
    hint: () => 'Import the experiments first.',
  },
  'import-deleted-here': {
    kind: 'conflict',
    message: (a: { what: string; id: string }) => `The ${a.what} ${a.id} was deleted here, so nothing is added to it.`,
    hint: () => 'Restore it and import again.',
  },
  'import-invalid': {
    kind: 'input',
    message: (a: { what: string; id: string; problem: string }) => `The ${a.what} "${a.id}" cannot be imported: ${a.problem}.`,
    hint: () => 'Correct it where it comes from and import again; what is here already is passed over.',
  },
});
