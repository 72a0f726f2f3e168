import { defineErrors } from '#kernel/errors.ts';

export const importErrors = defineErrors('cli', {
  'import-source-unknown': {
    kind: 'input',
    message: (a: { source: string; problem: string }) => `"${a.source}" is no MLflow that can be imported: ${a.problem}.`,
    hint: () => 'Give the address of a server (http://…), the path of its SQLite database (mlflow.db), or a file store (mlruns).',
  },
  'import-interrupted': {
    kind: 'conflict',
    message: () => 'The import was interrupted.',
    hint: () => 'Run the same command again: it goes on where it stopped.',
  },
  'import-source-failed': {
    kind: 'unavailable',
    message: (a: { address: string; reason: string }) => `The MLflow server does not answer as it should: ${a.address}: ${a.reason}.`,
    hint: () => 'Run the same command again when it does; it goes on where it stopped.',
  },
});
