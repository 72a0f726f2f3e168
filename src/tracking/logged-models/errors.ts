import { defineErrors } from '#kernel/errors.ts';

export const loggedModelErrors = defineErrors('tracking', {
  'logged-model-not-found': {
    kind: 'not-found',
    message: (a: { model: string; project: string }) => `The project ${a.project} has no logged model ${a.model}.`,
    hint: () => '`ripen logged-models list` shows them; a deleted one can be restored.',
  },
  'logged-model-name-invalid': {
    kind: 'input',
    message: (a: { name: string; problem: string }) => `"${a.name}" cannot name a logged model: ${a.problem}.`,
    hint: () => 'A name holds none of / : . % " \' because it becomes part of addresses.',
  },
  'logged-model-state': {
    kind: 'conflict',
    message: (a: { model: string; state: string; action: string }) =>
      `The logged model ${a.model} is ${a.state}; "${a.action}" does not apply to it.`,
    hint: () => 'A logged model is pending until its files are there, then ready, or upload-failed when they did not come.',
  },
  'logged-model-parameter-changed': {
    kind: 'conflict',
    message: (a: { model: string; parameter: string; value: string; attempted: string }) =>
      `The parameter "${a.parameter}" of the logged model ${a.model} is "${a.value}" and cannot become "${a.attempted}": parameters never change.`,
    hint: () => 'Log another model, or keep changing facts as tags.',
  },
  'logged-model-tag-not-found': {
    kind: 'not-found',
    message: (a: { model: string; tag: string }) => `The logged model ${a.model} has no tag "${a.tag}".`,
    hint: () => '`ripen logged-models show` lists the tags of a logged model.',
  },
});
