import { defineErrors } from '#kernel/errors.ts';

export const traceErrors = defineErrors('tracking', {
  'trace-not-found': {
    kind: 'not-found',
    message: (a: { trace: string; project: string }) => `The project ${a.project} has no trace ${a.trace}.`,
    hint: () => '`ripen traces list` shows the traces of a project.',
  },
  'trace-tag-not-found': {
    kind: 'not-found',
    message: (a: { trace: string; tag: string }) => `The trace ${a.trace} has no tag "${a.tag}".`,
    hint: () => 'The page of the trace lists its tags.',
  },
  'trace-invalid': {
    kind: 'input',
    message: (a: { what: string; problem: string }) => `The trace cannot be kept: ${a.what} ${a.problem}.`,
  },
  'too-many-spans': {
    kind: 'limit',
    message: (a: { count: number; limit: number }) => `${a.count} spans came in one upload; the limit is ${a.limit}.`,
    hint: () => 'Let the exporter send smaller batches.',
  },
  'too-many-traces': {
    kind: 'limit',
    message: (a: { count: number; limit: number }) => `${a.count} traces were named at once; the limit is ${a.limit}.`,
    hint: () => 'Ask for them in several requests.',
  },
  'trace-deletion-invalid': {
    kind: 'input',
    message: (a: { problem: string }) => `Which traces to delete is not clear: ${a.problem}.`,
    hint: () => 'Name either the traces, or a time until which traces are deleted and, if wanted, how many at most.',
  },
  'trace-metric-invalid': {
    kind: 'input',
    message: (a: { problem: string }) => `The figures of traces cannot be computed: ${a.problem}.`,
  },
  'assessment-not-found': {
    kind: 'not-found',
    message: (a: { trace: string; assessment: string }) => `The trace ${a.trace} has no assessment ${a.assessment}.`,
    hint: () => '`ripen traces show` lists the assessments of a trace.',
  },
  'assessment-invalid': {
    kind: 'input',
    message: (a: { problem: string }) => `The assessment cannot be kept: ${a.problem}.`,
  },
  'issue-not-found': {
    kind: 'not-found',
    message: (a: { issue: string; project: string }) => `The project ${a.project} has no issue ${a.issue}.`,
    hint: () => 'Search the issues of the experiment for its id.',
  },
});
