import { defineErrors } from '#kernel/errors.ts';
import type { DirectoryProblem } from './model.ts';

const mostShown = 5;

export const directoryErrors = defineErrors('registry', {
  'model-directory-invalid': {
    kind: 'input',
    message: (a: { file: string; problems: readonly DirectoryProblem[] }) => {
      const shown = a.problems.slice(0, mostShown).map(({ path, problem }) => `${path.slice(0, 200)}: ${problem.slice(0, 300)}`);
      const rest = a.problems.length > mostShown ? `; and ${a.problems.length - mostShown} more` : '';
      return `The model directory of "${a.file}" is broken. ${shown.join('; ')}${rest}.`;
    },
    hint: (a: { problems: readonly DirectoryProblem[] }) => [...new Set(a.problems.map(({ fix }) => fix))].slice(0, mostShown).join(' '),
  },
});
