import { defineErrors } from '#kernel/errors.ts';

export const evaluationDatasetErrors = defineErrors('tracking', {
  'evaluation-dataset-not-found': {
    kind: 'not-found',
    message: (a: { dataset: string; project: string }) => `The project ${a.project} has no evaluation dataset ${a.dataset}.`,
    hint: () => 'Search the evaluation datasets of the project for its id.',
  },
  'evaluation-record-invalid': {
    kind: 'input',
    message: (a: { index: number; problem: string }) => `Record ${a.index + 1} cannot be kept: ${a.problem}.`,
    hint: () => 'A record is an object with inputs, and optionally outputs, expectations, tags and source.',
  },
  'too-many-evaluation-records': {
    kind: 'limit',
    message: (a: { count: number; limit: number }) => `${a.count} records came at once; the limit is ${a.limit}.`,
    hint: () => 'Send them in several requests.',
  },
});
