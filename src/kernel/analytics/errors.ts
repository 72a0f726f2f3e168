import { defineErrors } from '../errors.ts';

export const analyticsErrors = defineErrors('kernel', {
  'analytics-crashed': {
    kind: 'unavailable',
    message: (input: { readonly reason: string }) => `The analytics process ended while the query ran: ${input.reason}.`,
    hint: () =>
      'Nothing was changed. Try again: the next query starts a new process. When it happens again, the input file is the likely cause.',
  },
  'analytics-query-failed': {
    kind: 'input',
    message: (input: { readonly type: string; readonly reason: string }) => `DuckDB refused the query (${input.type}): ${input.reason}`,
  },
  'analytics-timeout': {
    kind: 'limit',
    message: (input: { readonly timeoutMs: number }) => `The analytics query took longer than ${input.timeoutMs} ms and was stopped.`,
    hint: () => 'Ask for fewer rows or columns, or give the query more time.',
  },
  'analytics-cancelled': {
    kind: 'unavailable',
    message: (input: { readonly reason: string }) => `The analytics query was stopped: ${input.reason}.`,
  },
  'analytics-out-of-memory': {
    kind: 'limit',
    message: (input: { readonly reason: string }) =>
      `The analytics query needed more memory or temporary disk than it may use: ${input.reason}`,
    hint: () => 'Use fewer columns or smaller files, or raise the memory limit of analytics.',
  },
  'analytics-result-too-large': {
    kind: 'limit',
    message: (input: { readonly maxRows: number }) => `The analytics query gave more than ${input.maxRows} rows.`,
    hint: () => 'Aggregate in the query, add a LIMIT, or write the result to a file with COPY.',
  },
});
