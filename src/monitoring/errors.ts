import { defineErrors } from '#kernel/errors.ts';

interface Named {
  readonly deployment: string;
}

const listProblems = (problems: readonly { readonly path: string; readonly problem: string }[]): string =>
  problems.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ');

export const monitoringErrors = defineErrors('monitoring', {
  'declaration-invalid': {
    kind: 'input',
    message: (a: Named & { readonly problems: readonly { readonly path: string; readonly problem: string }[] }) =>
      `The monitoring of "${a.deployment}" in ripen.yaml is not valid: ${listProblems(a.problems)}.`,
    hint: () => 'docs/monitoring.md lists the keys of `monitoring` and `alerts`.',
  },
  'monitor-not-found': {
    kind: 'not-found',
    message: (a: Named) => `Nothing watches "${a.deployment}" yet.`,
    hint: () => 'A monitor is made with the first deployment in production.',
  },
  'window-not-found': {
    kind: 'not-found',
    message: (a: Named & { readonly start: number }) =>
      `"${a.deployment}" has no window that begins at ${new Date(a.start).toISOString()}.`,
    hint: () => 'The list of windows has the starts of all windows with predictions.',
  },
  'alert-not-found': {
    kind: 'not-found',
    message: (a: { readonly alert: string }) => `There is no alert ${a.alert} in this project.`,
  },
  'alert-over': {
    kind: 'conflict',
    message: (a: { readonly alert: string; readonly state: string }) => `Alert ${a.alert} is ${a.state} and cannot be acknowledged.`,
  },
  'rule-not-found': {
    kind: 'not-found',
    message: (a: { readonly rule: string; readonly nearest: string | undefined }) =>
      `No monitor of this project has a rule "${a.rule}"${a.nearest === undefined ? '' : `; did you mean "${a.nearest}"?`}.`,
  },
  'silence-not-ahead': {
    kind: 'input',
    message: () => 'A silence must end in the future.',
    hint: () => 'Give `until` in epoch milliseconds, at most 90 days ahead.',
  },
  'invalid-label': {
    kind: 'input',
    message: (a: { readonly line: number; readonly problem: string }) => `Line ${a.line} of the labels is not valid: ${a.problem}.`,
    hint: () => 'Each line is {"id": "<prediction id>", "label": 0, "time": 991000000000}; none of the lines was taken.',
  },
  'too-many-labels': {
    kind: 'limit',
    message: (a: { readonly most: number }) => `More than ${a.most} labels came in one request.`,
    hint: () => 'Send them in several requests.',
  },
  'segment-unreadable': {
    kind: 'input',
    message: (a: { readonly segment: string; readonly reason: string }) => `Prediction segment ${a.segment} cannot be read: ${a.reason}.`,
  },
  'segment-too-large': {
    kind: 'limit',
    message: (a: { readonly segment: string; readonly most: number }) => `Prediction segment ${a.segment} has more than ${a.most} bytes.`,
    hint: () => 'An agent ends its segments after a few megabytes.',
  },
});
