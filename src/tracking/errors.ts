import { defineErrors } from '#kernel/errors.ts';

export const trackingErrors = defineErrors('tracking', {
  'run-not-found': {
    kind: 'not-found',
    message: (a: { run: string; project?: string | undefined }) =>
      `There is no run ${a.run}${a.project === undefined ? '' : ` in the project ${a.project}`}.`,
    hint: () => '`ripen runs list` shows the runs of a project; deleted ones with --deleted.',
  },
  'run-deleted': {
    kind: 'conflict',
    message: (a: { run: string }) => `The run ${a.run} is deleted, so nothing can be added to it.`,
    hint: (a: { run: string }) => `Restore it first: ripen runs restore ${a.run}`,
  },
  'run-state': {
    kind: 'conflict',
    message: (a: { run: string; state: string; action: string }) => `The run ${a.run} is ${a.state}; "${a.action}" does not apply to it.`,
    hint: () => 'A run goes from created to running and ends as finished, failed or killed. An ended run can be reopened.',
  },
  'experiment-not-found': {
    kind: 'not-found',
    message: (a: { experiment: string; project: string }) => `The project ${a.project} has no experiment "${a.experiment}".`,
    hint: () => 'Starting a run in an experiment creates it.',
  },
  'experiment-exists': {
    kind: 'conflict',
    message: (a: { experiment: string; project: string; deleted: boolean }) =>
      `The project ${a.project} already has ${a.deleted ? 'a deleted' : 'an'} experiment "${a.experiment}".`,
    hint: (a: { experiment: string; project: string; deleted: boolean }) =>
      a.deleted ? 'Restore it, or choose another name: a deleted experiment keeps its name.' : 'Use it, or choose another name.',
  },
  'experiment-deleted': {
    kind: 'conflict',
    message: (a: { experiment: string; number: number }) => `The experiment "${a.experiment}" is deleted, so nothing can be added to it.`,
    hint: () => 'Restore the experiment, or use another one.',
  },
  'experiment-number-not-found': {
    kind: 'not-found',
    message: (a: { experiment: string; project: string }) => `The project ${a.project} has no experiment number ${a.experiment}.`,
    hint: () => '`ripen experiments list` shows the experiments of a project with their numbers.',
  },
  'artifact-location-invalid': {
    kind: 'input',
    message: (a: { location: string; problem: string }) => `"${a.location}" cannot hold the files of an experiment: ${a.problem}.`,
    hint: () => 'Give an address such as s3://bucket/folder, or none to keep the files in Ripen.',
  },
  'parameter-changed': {
    kind: 'conflict',
    message: (a: { run: string; parameter: string; value: string; attempted: string }) =>
      `The parameter "${a.parameter}" of run ${a.run} is "${a.value}" and cannot become "${a.attempted}": parameters never change.`,
    hint: () => 'Start a new run for another setting, or keep changing facts as tags or metrics.',
  },
  'name-invalid': {
    kind: 'input',
    message: (a: { what: string; name: string; problem: string }) => `"${a.name}" cannot name ${a.what}: ${a.problem}.`,
  },
  'value-invalid': {
    kind: 'input',
    message: (a: { what: string; name: string; problem: string }) => `The value of the ${a.what} "${a.name}" cannot be kept: ${a.problem}.`,
  },
  'value-too-long': {
    kind: 'limit',
    message: (a: { what: string; name: string; length: number; limit: number }) =>
      `The ${a.what} "${a.name}" has ${a.length} characters; the limit is ${a.limit}.`,
    hint: () => 'Keep long texts as an artifact of the run.',
  },
  'batch-too-large': {
    kind: 'limit',
    message: (a: { what: string; count: number; limit: number }) => `The batch holds ${a.count} ${a.what}; the limit is ${a.limit}.`,
    hint: () => 'Send several batches.',
  },
  overloaded: {
    kind: 'overloaded',
    message: (a: { entries: number }) => `${a.entries} calls that log wait to be written, and no more is taken in meanwhile.`,
    hint: () => 'Send the same again in a moment; what was written before stays as it is.',
  },
  'metric-invalid': {
    kind: 'input',
    message: (a: { metric: string; field: string; value: string }) =>
      `The metric "${a.metric}" has the ${a.field} ${a.value}, which is no whole number.`,
    hint: () => 'Steps and times are whole numbers between -2^53 and 2^53; times are milliseconds since 1970.',
  },
  'filter-invalid': {
    kind: 'input',
    message: (a: { filter: string; position: number; problem: string; example?: string | undefined }) =>
      `The filter is not understood at character ${a.position + 1}: ${a.problem}.`,
    hint: (a: { filter: string; position: number; problem: string; example?: string | undefined }) =>
      `Example: ${a.example ?? "metrics.auc > 0.6 and params.epochs = 4 and tags.team = 'delay' and state = 'finished'"}`,
  },
  'order-invalid': {
    kind: 'input',
    message: (a: { order: string; problem: string }) => `The order "${a.order}" is not understood: ${a.problem}.`,
    hint: () => 'Examples: "startedAt desc", "metrics.auc desc", "params.epochs".',
  },
  'group-invalid': {
    kind: 'input',
    message: (a: { by: string }) => `Runs cannot be grouped by ${a.by}: nearly every run has a value of its own.`,
    hint: () => 'Group by experiment, state, parentRun, user, params.<name> or tags.<name>.',
  },
  'page-token-invalid': {
    kind: 'input',
    message: () => 'The page token was not made by this list with this order, or was changed.',
    hint: () => 'Start again without `after`; a token belongs to the exact order that made it.',
  },
  'artifact-not-a-table': {
    kind: 'input',
    message: (a: { artifact: string; reason: string }) => `The artifact "${a.artifact}" cannot be read as a table: ${a.reason}.`,
    hint: () => 'Download it to look into it.',
  },
  'too-many-runs': {
    kind: 'limit',
    message: (a: { count: number; limit: number }) => `${a.count} runs were asked for at once; the limit is ${a.limit}.`,
  },
});
