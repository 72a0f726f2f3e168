import { defineErrors } from '../errors.ts';

export const configErrors = defineErrors('config', {
  'unknown-key': {
    kind: 'input',
    message: (a: { key: string; origin: string; nearest: string | undefined }) =>
      `${a.origin} has "${a.key}", which is no setting of Ripen.`,
    hint: (a: { key: string; origin: string; nearest: string | undefined }) =>
      a.nearest === undefined ? 'Run `ripen config` to see every setting.' : `Did you mean "${a.nearest}"?`,
  },
  'invalid-value': {
    kind: 'input',
    message: (a: { key: string; origin: string; problem: string; nearest: string | undefined }) =>
      `The setting ${a.key} from ${a.origin} is not valid: ${a.problem}.`,
    hint: (a: { key: string; origin: string; problem: string; nearest: string | undefined }) =>
      a.nearest === undefined ? 'Run `ripen config` to see what each setting may be.' : `Did you mean "${a.nearest}"?`,
  },
  'unreadable-file': {
    kind: 'input',
    message: (a: { file: string; problem: string }) => `The settings file ${a.file} cannot be read: ${a.problem}.`,
    hint: () => 'It is YAML with one setting a line, such as `port: 8080`.',
  },
  'open-without-authentication': {
    kind: 'not-allowed',
    message: (a: { host: string }) => `Ripen would listen on ${a.host}, where others can reach it, without asking who they are.`,
    hint: () => 'Set RIPEN_AUTH=tokens and make a token with `ripen token create`, or listen on 127.0.0.1.',
  },
});
