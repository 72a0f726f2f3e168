import { defineErrors } from '#kernel/errors.ts';

export const importErrors = defineErrors('registry', {
  'import-version-taken': {
    kind: 'conflict',
    message: (a: { model: string; version: number }) =>
      `Version ${a.version} of "${a.model}" was made here and is another one than the version ${a.version} that is to be imported.`,
    hint: () => 'Import into another project, or rename the model here first.',
  },
});
