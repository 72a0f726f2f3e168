import { defineErrors } from '#kernel/errors.ts';

export const registryErrors = defineErrors('registry', {
  'model-not-found': {
    kind: 'not-found',
    message: (a: { project: string; model: string }) => `The project ${a.project} has no model "${a.model}".`,
    hint: () => 'Registering a first version creates the model. `ripen models list` shows those that exist.',
  },
  'model-exists': {
    kind: 'conflict',
    message: (a: { project: string; model: string }) => `The project ${a.project} already has a model "${a.model}".`,
    hint: () => 'Use it, or choose another name.',
  },
  'version-not-found': {
    kind: 'not-found',
    message: (a: { model: string; version: number }) => `The model "${a.model}" has no version ${a.version}.`,
    hint: (a: { model: string }) => `Versions are numbered from 1; see: ripen models show ${a.model}`,
  },
  'version-deleted': {
    kind: 'not-found',
    message: (a: { model: string; version: number }) => `Version ${a.version} of "${a.model}" was deleted.`,
    hint: (a: { model: string; version: number }) =>
      `Until its retention is over, \`ripen models restore ${a.model} ${a.version}\` brings it back.`,
  },
  'not-deleted': {
    kind: 'not-found',
    message: (a: { project: string; model: string }) => `The recycle bin of the project ${a.project} holds no model "${a.model}".`,
    hint: () => '`ripen models bin` shows what it holds.',
  },
  'model-in-use': {
    kind: 'conflict',
    message: (a: { model: string; action: string; uses: readonly string[] }) =>
      `"${a.model}" cannot be ${a.action}: it is used by ${a.uses.join(', ')}.`,
    hint: () => 'First retire the deployment, or let the release end.',
  },
  'search-invalid': {
    kind: 'input',
    message: (a: { reason: string }) => a.reason,
    hint: () => "Write for example name like 'delay%' and tags.team = 'ops', and an order such as updated_at desc.",
  },
  'kinds-differ': {
    kind: 'conflict',
    message: (a: { model: string; kind: string; wanted: string }) =>
      `"${a.model}" is a ${a.kind}, so it cannot take a version of a ${a.wanted}.`,
    hint: () => 'Models and prompts share their names; choose another one.',
  },
  'stage-invalid': {
    kind: 'input',
    message: (a: { stage: string; stages: readonly string[] }) =>
      `Invalid Model Version stage: ${a.stage}. Value must be one of ${a.stages.join(', ')}.`,
  },
  'stage-not-active': {
    kind: 'input',
    message: (a: { stage: string }) =>
      `The transition cannot archive existing model versions, because ${a.stage} is not an active stage. Active are Staging and Production.`,
  },
  'source-invalid': {
    kind: 'input',
    message: (a: { source: string; problem: string }) => `Invalid model version source: '${a.source}'. ${a.problem}`,
    hint: () =>
      'A version is made from runs:/<run>/<folder>, models:/<logged model>, models:/<model>/<version>, or a place such as s3://….',
  },
  'version-invalid': {
    kind: 'input',
    message: (a: { version: string }) => `"${a.version}" is no version.`,
    hint: () => 'Write a number, an alias with an at sign such as @production, or latest.',
  },
  'alias-not-found': {
    kind: 'not-found',
    message: (a: { model: string; alias: string }) => `The model "${a.model}" has no alias "${a.alias}".`,
  },
  'alias-invalid': {
    kind: 'input',
    message: (a: { alias: string; problem: string }) => `"${a.alias}" cannot be an alias: ${a.problem}.`,
    hint: () => 'Use letters, digits, - and _, at most 255, such as production or champion.',
  },
  'version-archived': {
    kind: 'conflict',
    message: (a: { model: string; version: number; action: string }) => `Version ${a.version} of "${a.model}" is archived, so ${a.action}.`,
    hint: () => 'Restore the version first, or use another one.',
  },
  'version-in-use': {
    kind: 'conflict',
    message: (a: { model: string; version: number; aliases: readonly string[] }) =>
      `Version ${a.version} of "${a.model}" cannot be archived: ${a.aliases.join(', ')} points to it.`,
    hint: () => 'Point the alias to another version first.',
  },
  'name-invalid': {
    kind: 'input',
    message: (a: { what: string; name: string; problem: string }) => `"${a.name}" cannot name ${a.what}: ${a.problem}.`,
  },
  'value-too-long': {
    kind: 'limit',
    message: (a: { what: string; length: number; limit: number }) => `The ${a.what} has ${a.length} characters; the limit is ${a.limit}.`,
  },
  'no-model-file': {
    kind: 'input',
    message: (a: { model: string }) => `A version of "${a.model}" needs at least one file.`,
    hint: () => 'Register with the files of the model, for example model.onnx.',
  },
  'file-missing': {
    kind: 'input',
    message: (a: { file: string; digest: string }) => `The file "${a.file}" refers to ${a.digest}, but no such blob is stored.`,
    hint: () => 'Upload the content as an artifact of the run first, or check the digest.',
  },
  'file-not-found': {
    kind: 'not-found',
    message: (a: { model: string; version: number; file: string }) => `Version ${a.version} of "${a.model}" has no file "${a.file}".`,
  },
  'onnx-invalid': {
    kind: 'input',
    message: (a: { file: string; reason: string }) => `"${a.file}" is no valid ONNX model: ${a.reason}.`,
    hint: () => 'Export the model again and check it with onnx.checker.check_model, then register the new file.',
  },
  'evaluation-invalid': {
    kind: 'input',
    message: (a: { file: string; reason: string }) => `"${a.file}" is no evaluation: ${a.reason}.`,
    hint: () =>
      'It is a JSON object with "metrics": { name: number }, and optionally "slices", "calibration", "rows", "trained_on". JSON has no NaN: write null.',
  },
  'card-changed': {
    kind: 'conflict',
    message: (a: { model: string; version: number }) =>
      `The card of version ${a.version} of "${a.model}" was changed by somebody else meanwhile.`,
    hint: () => 'Load it again, and put your changes into the new text.',
  },
});
